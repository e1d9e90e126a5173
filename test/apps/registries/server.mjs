// A server of the kind named by the first argument that refuses what is too much, and has Loopscope's metrics on its own
// port. Each order takes 10 ms of its thread.
import { createServer } from 'node:http';
import { metricsHandler, metricsRoute, shedLoad, shedLoadHook } from '@loopscope/exporter/middleware';

const filter = ({ url }) => url === '/orders';

function work() {
  const end = performance.now() + 10;
  while (performance.now() < end);
  return 'ordered\n';
}

const kinds = {
  http: async () => {
    const shed = shedLoad({ filter });
    const metrics = metricsHandler();
    const server = createServer((request, response) => {
      if (shed(request, response)) return;
      if (request.url === '/metrics') void metrics(request, response);
      else response.end(request.url === '/orders' ? work() : 'ok\n');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  },
  express: async () => {
    const { default: express } = await import('express');
    const app = express();
    app.use(shedLoad({ filter }));
    app.get('/metrics', metricsHandler());
    app.get('/orders', (_, response) => response.send(work()));
    app.get('/health', (_, response) => response.send('ok\n'));
    return await new Promise((resolve) => {
      const server = app.listen(0, '127.0.0.1', () => resolve(server));
    });
  },
  fastify: async () => {
    const { default: fastify } = await import('fastify');
    const app = fastify();
    app.addHook('onRequest', shedLoadHook({ filter }));
    app.get('/metrics', metricsRoute());
    app.get('/orders', async () => work());
    app.get('/health', async () => 'ok\n');
    await app.listen({ host: '127.0.0.1', port: 0 });
    return app.server;
  },
};

const server = await kinds[process.argv[2]]();
console.log(`port ${server.address().port}`);
process.stdin.resume().on('end', () => {
  server.close();
  server.closeAllConnections();
});
