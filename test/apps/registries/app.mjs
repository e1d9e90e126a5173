// An application with a registry of its own (of the package named by the first argument), which serves it in
// both formats on two ports; blocks within a traced request when it is told to.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { collectLoopMetrics } from '@loopscope/exporter/prom-client';
import { trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const [library, ...flags] = process.argv.slice(2);
const { Counter, Registry } = await import(library);
new NodeTracerProvider().register();
const tracer = trace.getTracer('app');

const plain = new Registry();
const open = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
const orders = new Counter({ name: 'orders_total', help: 'Orders', registers: [plain] });
orders.inc(7);
if (flags.includes('defaults')) {
  const { collectDefaultMetrics } = await import(library);
  collectDefaultMetrics({ register: plain });
}
const undo = collectLoopMetrics([plain, open], { compat: flags.includes('compat') });

async function serve(registry) {
  const server = createServer(async (_, response) => {
    response.setHeader('Content-Type', registry.contentType);
    response.end(await registry.metrics());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const servers = await Promise.all([serve(plain), serve(open)]);
console.log(`ports ${servers.map((server) => server.address().port).join(' ')}`);

function block(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

for await (const line of createInterface(process.stdin)) {
  if (line === 'block') {
    tracer.startActiveSpan('report', (span) => {
      block(300);
      console.log(`trace ${span.spanContext().traceId}`);
      span.end();
    });
  } else if (line === 'undo') {
    undo();
    console.log(`left ${plain.getMetricsAsArray().map(({ name }) => name)}`);
  }
}
for (const server of servers) {
  server.close();
  server.closeAllConnections();
}
