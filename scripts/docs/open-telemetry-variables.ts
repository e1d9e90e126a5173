// The variables of OpenTelemetry that Loopscope reads, for docs/CONFIG.md. A test holds the names
// equal to those that the sources mention.

export interface OpenTelemetryVariable {
  /** The variable; where there are two, the signal's own comes first and wins. */
  readonly names: readonly [string, string?];
  readonly defaultText: string;
  readonly meaning: string;
}

export const openTelemetryVariables: readonly OpenTelemetryVariable[] = [
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
    names: ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    defaultText: '`http://localhost:4318`',
    meaning:
      'Where metrics are sent: the first is taken as it is, to the second `/v1/metrics` is added. With either of them set, `otlp` is among the default exporters.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    defaultText: '`http/protobuf`',
    meaning: '`http/protobuf` or `http/json`. With `grpc` nothing is pushed, and one line says so.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_METRICS_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'],
    defaultText: 'none',
    meaning:
      'Headers of each request: `key=value` pairs, separated by commas, percent-encoded. Both are sent; the first wins where they name the same header.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_METRICS_COMPRESSION', 'OTEL_EXPORTER_OTLP_COMPRESSION'],
    defaultText: '`none`',
    meaning: '`gzip` or `none`.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_METRICS_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'],
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
    names: ['OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE', 'OTEL_EXPORTER_OTLP_CERTIFICATE'],
    defaultText: "Node's own",
    meaning: 'File of the certificate authorities that may vouch for the collector, in PEM.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE', 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'],
    defaultText: 'none',
    meaning: 'File of the certificate that Loopscope shows, in PEM.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY', 'OTEL_EXPORTER_OTLP_CLIENT_KEY'],
    defaultText: 'none',
    meaning: 'File of its key, in PEM.',
  },
];
