// OpenTelemetry's instrumentation of the runtime and its Prometheus endpoint, on PEER_PORT: without the
// rest of an SDK, which would only cost more.
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const reader = new PrometheusExporter({ host: '127.0.0.1', port: Number(process.env.PEER_PORT) });
const instrumentation = new RuntimeNodeInstrumentation();
instrumentation.setMeterProvider(new MeterProvider({ readers: [reader] }));
