// A Fastify server whose orders take 2 ms of its thread each, which refuses what is too much by the tool that the
// first argument names.
import fastify from 'fastify';

const app = fastify();

const tools = {
  nothing: () => {},
  loopscope: async () => {
    const { shedLoadHook } = await import('@loopscope/exporter/middleware');
    app.addHook('onRequest', shedLoadHook());
  },
  // Both with the thresholds of their own documentation.
  'under-pressure': async () => {
    const { default: underPressure } = await import('@fastify/under-pressure');
    await app.register(underPressure, { maxEventLoopDelay: 1000, maxEventLoopUtilization: 0.98 });
  },
  'toobusy-js': async () => {
    const { default: toobusy } = await import('toobusy-js');
    app.addHook('onRequest', (_, reply, done) => {
      if (toobusy()) reply.code(503).header('Retry-After', '1').send('busy');
      else done();
    });
  },
};

await tools[process.argv[2]]();
app.get('/orders', async () => {
  const end = performance.now() + 2;
  while (performance.now() < end);
  return { ordered: true };
});
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`port ${app.server.address().port}`);
