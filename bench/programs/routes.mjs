// The routes under which overhead is measured, on an Express application.
import { readFile } from 'node:fs/promises';
import { setTimeout as pass, setImmediate as turn } from 'node:timers/promises';

export function addRoutes(app) {
  /** Timers, immediates and a file. */
  app.get('/mixed', async (_request, response) => {
    await Promise.all([pass(1), turn(), readFile(import.meta.filename)]);
    response.json({ mixed: true });
  });
  app.get('/awaits', async (_request, response) => {
    let sum = 0;
    for (let index = 0; index < 200; index += 1) {
      sum += await Promise.resolve(index);
    }
    response.json({ sum });
  });
  app.get('/json', (_request, response) => {
    response.json({
      id: 7,
      lines: Array.from({ length: 20 }, (_, line) => ({ line, item: `item ${line}` })),
    });
  });
}
