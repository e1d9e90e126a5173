// The variables of OpenTelemetry that Loopscope reads, for docs/CONFIG.md. A test holds the names
// equal to those that the sources mention.

export interface OpenTelemetryVariable {
  /** The variable; where there are more, the signals' own come first and win. */
  readonly names: readonly string[];
  readonly defaultText: string;
  readonly meaning: string;
}

function ofEachSignal(setting: string): string[] {
  return ['METRICS_', 'LOGS_', 'TRACES_', ''].map((signal) => `OTEL_EXPORTER_OTLP_${signal}${setting}`);
}

export const openTelemetryVariables: readonly OpenTelemetryVariable[] = [
  {
    names: ['OTEL_CONFIG_FILE'],
    defaultText: 'none',
    meaning:
      'A [declarative configuration](https://opentelemetry.io/docs/specs/otel/configuration/) file in YAML, schema 1.x, read by OpenTelemetry’s own parser. It takes the place of all others of this table. `disabled`, `resource`, and of each signal the first `otlp_http` exporter are taken; without one the signal is not pushed. A file that can’t be used is said in one line, and nothing is pushed.',
  },
  {
    names: ['OTEL_SERVICE_NAME'],
    defaultText: '`unknown_service:node`',
    meaning: 'The `service.name` of the resource; wins over the one of `OTEL_RESOURCE_ATTRIBUTES`.',
  },
  {
    names: ['OTEL_RESOURCE_ATTRIBUTES'],
    defaultText: 'none',
    meaning:
      'More attributes of the resource: `key=value` pairs, separated by commas, percent-encoded. One malformed pair discards them all.',
  },
  {
    names: ['OTEL_SDK_DISABLED'],
    defaultText: '`false`',
    meaning: 'With `true` nothing is pushed. The Prometheus endpoint stays.',
  },
  {
    names: ['OTEL_METRICS_EXPORTER'],
    defaultText: 'none',
    meaning:
      'Where it is set and does not name `otlp`, nothing is pushed unless `LOOPSCOPE_EXPORTERS` names `otlp`.',
  },
  {
    names: ['OTEL_LOGS_EXPORTER', 'OTEL_TRACES_EXPORTER'],
    defaultText: '`otlp`',
    meaning:
      'Where stalls are pushed besides the metrics: as log events by the first, as spans under the blocked span by the second. One that does not name `otlp`, as `none`, turns its own off.',
  },
  {
    names: ofEachSignal('ENDPOINT'),
    defaultText: '`http://localhost:4318`',
    meaning:
      'Where each signal is sent: its own is taken as it is, to the last `/v1/metrics`, `/v1/logs` or `/v1/traces` is added. With the one of the metrics or the last set, `otlp` is among the default exporters.',
  },
  {
    names: ofEachSignal('PROTOCOL'),
    defaultText: '`http/protobuf`',
    meaning: '`http/protobuf` or `http/json`. With `grpc` the signal is not pushed, and one line says so.',
  },
  {
    names: ofEachSignal('HEADERS'),
    defaultText: 'none',
    meaning:
      'Headers of each request: `key=value` pairs, separated by commas, percent-encoded. Those of the signal and of the last are both sent; the first win where they name the same header.',
  },
  {
    names: ofEachSignal('COMPRESSION'),
    defaultText: '`none`',
    meaning: '`gzip` or `none`.',
  },
  {
    names: ofEachSignal('TIMEOUT'),
    defaultText: '`10000`',
    meaning: 'Milliseconds for one push with all its retries.',
  },
  {
    names: ['OTEL_METRIC_EXPORT_TIMEOUT'],
    defaultText: '`30000`',
    meaning: 'The same, as set for the reader: the lesser of both holds.',
  },
  {
    names: ['OTEL_METRIC_EXPORT_INTERVAL'],
    defaultText: '`60000`',
    meaning: 'Milliseconds from one push to the next.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'],
    defaultText: '`cumulative`',
    meaning: '`cumulative`, `delta` or `lowmemory`.',
  },
  {
    names: ofEachSignal('CERTIFICATE'),
    defaultText: "Node's own",
    meaning: 'File of the certificate authorities that may vouch for the collector, in PEM.',
  },
  {
    names: ofEachSignal('CLIENT_CERTIFICATE'),
    defaultText: 'none',
    meaning: 'File of the certificate that Loopscope shows, in PEM.',
  },
  {
    names: ofEachSignal('CLIENT_KEY'),
    defaultText: 'none',
    meaning: 'File of its key, in PEM.',
  },
];

export interface OtherVariables {
  readonly names: readonly string[];
  /** Why Loopscope does not read them. */
  readonly reason: string;
}

/** Those of the specification that are left to the application's own SDK. */
export const otherVariables: readonly OtherVariables[] = [
  {
    names: ['OTEL_EXPORTER_PROMETHEUS_HOST', 'OTEL_EXPORTER_PROMETHEUS_PORT'],
    reason:
      'The application’s own Prometheus exporter listens there: Loopscope’s endpoint has `LOOPSCOPE_HOST` and `LOOPSCOPE_PORT`.',
  },
  {
    names: ['OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG', 'OTEL_PROPAGATORS'],
    reason: 'A stall’s span is pushed where the span that was blocked is sampled.',
  },
  {
    names: [
      'OTEL_BSP_SCHEDULE_DELAY',
      'OTEL_BSP_EXPORT_TIMEOUT',
      'OTEL_BSP_MAX_QUEUE_SIZE',
      'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
      'OTEL_BLRP_SCHEDULE_DELAY',
      'OTEL_BLRP_EXPORT_TIMEOUT',
      'OTEL_BLRP_MAX_QUEUE_SIZE',
      'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE',
    ],
    reason: 'A stall is told at once, while the loop is blocked: it waits for no batch.',
  },
  {
    names: [
      'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      'OTEL_ATTRIBUTE_COUNT_LIMIT',
      'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
      'OTEL_SPAN_EVENT_COUNT_LIMIT',
      'OTEL_SPAN_LINK_COUNT_LIMIT',
      'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT',
      'OTEL_LINK_ATTRIBUTE_COUNT_LIMIT',
      'OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      'OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT',
    ],
    reason: 'What a stall carries is bounded anyway.',
  },
  {
    names: ['OTEL_METRICS_EXEMPLAR_FILTER', 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION'],
    reason: 'Buckets are those of [METRICS.md](METRICS.md); exemplars are at the endpoint, in OpenMetrics.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_INSECURE'],
    reason: 'It is for gRPC.',
  },
  {
    names: ['OTEL_LOG_LEVEL'],
    reason: '`NODE_DEBUG=loopscope` tells what Loopscope does.',
  },
];
