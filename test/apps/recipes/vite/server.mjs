// Vite renders on the server: with the argument `built` what `vite build` has made, else as in development, where
// the page's module is loaded, and transformed, by Vite itself.
import { fileURLToPath } from 'node:url';
import express from 'express';

const app = express();
const render = await (process.argv[2] === 'built' ? loadBuilt() : loadByVite());
app.get('/report', async (_, response) => response.send((await render())()));
const server = app.listen(0, '127.0.0.1', () =>
  console.log(`listening on http://127.0.0.1:${server.address().port}`),
);

async function loadBuilt() {
  const page = await import('./dist/page.js');
  return () => page.render;
}

async function loadByVite() {
  const { createServer } = await import('vite');
  const vite = await createServer({
    root: fileURLToPath(new URL('.', import.meta.url)),
    server: { middlewareMode: true, ws: false, hmr: false },
    appType: 'custom',
    logLevel: 'error',
  });
  app.use(vite.middlewares);
  return async () => (await vite.ssrLoadModule('/page.ts')).render;
}
