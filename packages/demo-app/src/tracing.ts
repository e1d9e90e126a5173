// The tracing of the service, preloaded with `--import` as its own OpenTelemetry SDK's documentation
// says. With an OTLP endpoint in the environment the SDK takes everything from `OTEL_*`; without one,
// spans are made with real ids and end here.
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { onStopRequest } from './stop-request.ts';

type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number];

const endpoints = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
const hasCollector = endpoints.some((name) => process.env[name]);

// A provider without a processor makes no spans at all.
const discard: SpanProcessor = {
  onStart() {},
  onEnd() {},
  async forceFlush() {},
  async shutdown() {},
};

const sdk = new NodeSDK({
  ...(process.env['OTEL_SERVICE_NAME'] ? {} : { serviceName: 'orders' }),
  ...(hasCollector
    ? {}
    : { spanProcessors: [discard], metricReaders: [], logRecordProcessors: [], autoDetectResources: false }),
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
});
sdk.start();

onStopRequest(() => {
  sdk.shutdown().catch((error: unknown) => {
    console.error('Spans were lost at shutdown:', error);
  });
});
