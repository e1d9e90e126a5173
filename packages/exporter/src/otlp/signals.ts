// The signals that are pushed, and the variables of OpenTelemetry that each has of its own. They are
// written out, so that whoever looks for one finds it.

/** What is set for each signal. */
export type Setting =
  | 'endpoint'
  | 'protocol'
  | 'headers'
  | 'compression'
  | 'timeout'
  | 'certificate'
  | 'clientCertificate'
  | 'clientKey';

export interface Signal {
  readonly name: 'metrics' | 'logs' | 'traces';
  /** What its requests are made of, for people. */
  readonly items: string;
  readonly variables: Readonly<Record<Setting, string>>;
}

const general: Readonly<Record<Setting, string>> = {
  endpoint: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  protocol: 'OTEL_EXPORTER_OTLP_PROTOCOL',
  headers: 'OTEL_EXPORTER_OTLP_HEADERS',
  compression: 'OTEL_EXPORTER_OTLP_COMPRESSION',
  timeout: 'OTEL_EXPORTER_OTLP_TIMEOUT',
  certificate: 'OTEL_EXPORTER_OTLP_CERTIFICATE',
  clientCertificate: 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
  clientKey: 'OTEL_EXPORTER_OTLP_CLIENT_KEY',
};

export const metricsSignal: Signal = {
  name: 'metrics',
  items: 'data points',
  variables: {
    endpoint: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    protocol: 'OTEL_EXPORTER_OTLP_METRICS_PROTOCOL',
    headers: 'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
    compression: 'OTEL_EXPORTER_OTLP_METRICS_COMPRESSION',
    timeout: 'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT',
    certificate: 'OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE',
    clientCertificate: 'OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE',
    clientKey: 'OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY',
  },
};

export const logsSignal: Signal = {
  name: 'logs',
  items: 'log records',
  variables: {
    endpoint: 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    protocol: 'OTEL_EXPORTER_OTLP_LOGS_PROTOCOL',
    headers: 'OTEL_EXPORTER_OTLP_LOGS_HEADERS',
    compression: 'OTEL_EXPORTER_OTLP_LOGS_COMPRESSION',
    timeout: 'OTEL_EXPORTER_OTLP_LOGS_TIMEOUT',
    certificate: 'OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE',
    clientCertificate: 'OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE',
    clientKey: 'OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY',
  },
};

export const tracesSignal: Signal = {
  name: 'traces',
  items: 'spans',
  variables: {
    endpoint: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    protocol: 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    headers: 'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    compression: 'OTEL_EXPORTER_OTLP_TRACES_COMPRESSION',
    timeout: 'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
    certificate: 'OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE',
    clientCertificate: 'OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE',
    clientKey: 'OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY',
  },
};

/** The signal's own variable first: it wins over the one for all. */
export function variablesOf(signal: Signal, setting: Setting): readonly [own: string, forAll: string] {
  return [signal.variables[setting], general[setting]];
}
