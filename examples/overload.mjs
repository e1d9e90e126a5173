// A service that refuses what it can't do in time, and has Loopscope's metrics on its own port.
//
//   node --import @loopscope/sdk/register overload.mjs
//   curl -s http://127.0.0.1:3000/metrics | grep overload
import { metricsHandler, shedLoad } from '@loopscope/exporter/middleware';
import express from 'express';

const app = express();
app.use(shedLoad({ filter: (request) => request.url !== '/health' && request.url !== '/metrics' }));
app.get('/metrics', metricsHandler());
app.get('/health', (_request, response) => response.send('ok\n'));
app.get('/order', (_request, response) => response.send('ordered\n'));
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
