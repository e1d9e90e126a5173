// An Express application that knows nothing of what is preloaded.
import express from 'express';
import { addRoutes } from './routes.mjs';

const app = express();
addRoutes(app);
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listens on http://127.0.0.1:${server.address().port}`);
});
