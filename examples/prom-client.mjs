// Loopscope's metrics in the registry that a service has already, under prom-client's names too.
//
//   node --import @loopscope/sdk/register prom-client.mjs
//   curl -s http://127.0.0.1:3000/metrics
import { collectLoopMetrics } from '@loopscope/exporter/prom-client';
import express from 'express';
import { Counter, register } from 'prom-client';

const orders = new Counter({ name: 'orders_total', help: 'Orders' });
collectLoopMetrics(register, { compat: true });

const app = express();
app.get('/order', (_request, response) => {
  orders.inc();
  response.send('ordered\n');
});
app.get('/metrics', async (_request, response) => {
  response.type(register.contentType).send(await register.metrics());
});
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
