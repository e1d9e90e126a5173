// prom-client's default metrics, and an endpoint for them on PEER_PORT.
import { createServer } from 'node:http';
import { collectDefaultMetrics, register } from 'prom-client';

collectDefaultMetrics();

createServer((_request, response) => {
  response.setHeader('Content-Type', register.contentType);
  void register.metrics().then((text) => response.end(text));
})
  .listen(Number(process.env.PEER_PORT), '127.0.0.1')
  .unref();
