// One application whose metrics leave by every way at once: the endpoint, the agent's push, its own OpenTelemetry
// SDK by LoopscopeInstrumentation, and its own registry in both formats. Blocks within a span when it is told to.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { LoopscopeInstrumentation } from '@loopscope/exporter/instrumentation';
import { collectLoopMetrics } from '@loopscope/exporter/prom-client';
import { trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { Registry } from 'prom-client';

const sdk = new NodeSDK({
  serviceName: 'own-sdk',
  autoDetectResources: false,
  instrumentations: [new LoopscopeInstrumentation()],
});
sdk.start();

const registries = [new Registry(), new Registry(Registry.OPENMETRICS_CONTENT_TYPE)];
collectLoopMetrics(registries);
const servers = registries.map((registry) =>
  createServer(async (_, response) => {
    response.setHeader('Content-Type', registry.contentType);
    response.end(await registry.metrics());
  }),
);
for (const server of servers) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
console.log(`ports ${servers.map((server) => server.address().port).join(' ')}`);

function settleAccounts(durationMs) {
  const end = performance.now() + durationMs;
  while (performance.now() < end);
}

for await (const line of createInterface(process.stdin)) {
  if (line === 'block') {
    trace.getTracer('app').startActiveSpan('report', (span) => {
      settleAccounts(300);
      span.end();
      console.log(`blocked ${span.spanContext().traceId} ${span.spanContext().spanId}`);
    });
  }
}
for (const server of servers) {
  server.close();
  server.closeAllConnections();
}
await sdk.shutdown();
