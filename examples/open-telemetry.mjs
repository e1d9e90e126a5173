// Loopscope among the instrumentations of a service's own OpenTelemetry SDK, here with an exporter that prints.
//
//   LOOPSCOPE_EXPORTERS=none node --import @loopscope/sdk/register open-telemetry.mjs
import { LoopscopeInstrumentation } from '@loopscope/exporter/instrumentation';
import { ConsoleMetricExporter, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';

const reader = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() });
const sdk = new NodeSDK({
  serviceName: 'example',
  metricReaders: [reader],
  spanProcessors: [],
  logRecordProcessors: [],
  instrumentations: [new LoopscopeInstrumentation()],
});
sdk.start();
setTimeout(() => sdk.shutdown(), 500);
