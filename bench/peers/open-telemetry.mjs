// OpenTelemetry's SDK with the instrumentation of the runtime and the Prometheus exporter, on PEER_PORT.
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { NodeSDK } from '@opentelemetry/sdk-node';

const reader = new PrometheusExporter({ host: '127.0.0.1', port: Number(process.env.PEER_PORT) });
new NodeSDK({
  serviceName: 'bench',
  metricReaders: [reader],
  instrumentations: [new RuntimeNodeInstrumentation()],
}).start();
