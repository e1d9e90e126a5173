// The OTLP push as `OTEL_*` configures it, read as the OpenTelemetry specification says and as the
// application's own SDK reads it, so that one set of variables serves both. Read here rather than by
// the helpers of the OTLP packages because those tell of a malformed value only on a diagnostics
// channel that nobody hears.
import { type Environment, readChoice, readFirst, readMilliseconds, type Say } from '../environment.ts';
import type { Destination, TlsFiles } from '../http/transport.ts';
import { readEndpoint } from './endpoint-url.ts';
import { readHeaders } from './headers.ts';
import { metricsSignal, type Signal, variablesOf } from './signals.ts';
import { readTlsFiles } from './tls-files.ts';

export type Protocol = 'http/protobuf' | 'http/json';
export type Temporality = 'cumulative' | 'delta' | 'lowmemory';

/** Of one signal. */
export interface SignalConfiguration {
  readonly url: URL;
  readonly protocol: Protocol;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip';
  readonly tls: TlsFiles;
  /** For one export with all its retries. */
  readonly timeoutMs: number;
}

/** Of the metrics. */
export interface OtlpConfiguration extends SignalConfiguration {
  readonly temporality: Temporality;
  readonly intervalMs: number;
}

export interface ConfigurationContext {
  readonly environment: Environment;
  readonly say: Say;
}

const contentTypes = { 'http/protobuf': 'application/x-protobuf', 'http/json': 'application/json' } as const;

/** Where the push goes. */
export function destinationOf({
  url,
  protocol,
  headers,
  compression,
  tls,
}: SignalConfiguration): Destination {
  return { url, contentType: contentTypes[protocol], headers, compression, tls };
}

/** Undefined where `OTEL_*` asks for what can't be done. Whether to push at all, the options say. */
export function readSignalConfiguration(
  signal: Signal,
  { environment, say }: ConfigurationContext,
): SignalConfiguration | undefined {
  const protocolNames = variablesOf(signal, 'protocol');
  if (readFirst(environment, protocolNames)?.value.toLowerCase() === 'grpc') {
    // Not sent by HTTP instead: the endpoint is then a gRPC one, mostly on another port.
    say(
      `OTLP over gRPC is not supported, so ${signal.name} are not pushed: set ${signal.variables.protocol}=http/protobuf and ${signal.variables.endpoint}, mostly on port 4318`,
    );
    return undefined;
  }
  const url = readEndpoint(signal, environment, say);
  return {
    url,
    protocol: readChoice(environment, protocolNames, ['http/protobuf', 'http/json'], say) ?? 'http/protobuf',
    headers: readHeaders(signal, environment, say),
    compression: readChoice(environment, variablesOf(signal, 'compression'), ['none', 'gzip'], say) ?? 'none',
    tls: url.protocol === 'https:' ? readTlsFiles(signal, environment, say) : {},
    timeoutMs: readMilliseconds(environment, variablesOf(signal, 'timeout'), 1, say) ?? 10_000,
  };
}

/** Of the metrics, with what only they have. */
export function readOtlpConfiguration({
  environment,
  say,
}: ConfigurationContext): OtlpConfiguration | undefined {
  const configuration = readSignalConfiguration(metricsSignal, { environment, say });
  return (
    configuration && {
      ...configuration,
      temporality:
        readChoice(
          environment,
          ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'],
          ['cumulative', 'delta', 'lowmemory'],
          say,
        ) ?? 'cumulative',
      intervalMs: readMilliseconds(environment, ['OTEL_METRIC_EXPORT_INTERVAL'], 1, say) ?? 60_000,
      timeoutMs: Math.min(
        configuration.timeoutMs,
        readMilliseconds(environment, ['OTEL_METRIC_EXPORT_TIMEOUT'], 1, say) ?? 30_000,
      ),
    }
  );
}
