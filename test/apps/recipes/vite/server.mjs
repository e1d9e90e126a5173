// Vite as it renders on the server in development: the page's module is loaded, and transformed, by Vite.
import { fileURLToPath } from 'node:url';
import express from 'express';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const vite = await createServer({
  root,
  server: { middlewareMode: true, ws: false, hmr: false },
  appType: 'custom',
  logLevel: 'error',
});
const app = express();
app.use(vite.middlewares);
app.get('/report', async (_, response) => {
  const { render } = await vite.ssrLoadModule('/page.ts');
  response.send(render());
});
const server = app.listen(0, '127.0.0.1', () =>
  console.log(`listening on http://127.0.0.1:${server.address().port}`),
);
