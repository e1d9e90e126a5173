// The OTLP push as `OTEL_*` configures it, read as the OpenTelemetry specification says and as the
// application's own SDK reads it, so that one set of variables serves both. Read here rather than by
// the helpers of the OTLP packages because those tell of a malformed value only on a diagnostics
// channel that nobody hears.
import { type Environment, readChoice, readFirst, readMilliseconds, type Say } from '../environment.ts';
import type { Destination, TlsFiles } from '../http/transport.ts';
import { readEndpoint } from './endpoint-url.ts';
import { readHeaders } from './headers.ts';
import { readTlsFiles } from './tls-files.ts';

export type Protocol = 'http/protobuf' | 'http/json';
export type Temporality = 'cumulative' | 'delta' | 'lowmemory';

export interface OtlpConfiguration {
  readonly url: URL;
  readonly protocol: Protocol;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip';
  readonly tls: TlsFiles;
  readonly temporality: Temporality;
  readonly intervalMs: number;
  /** For one export with all its retries. */
  readonly timeoutMs: number;
}

export interface ConfigurationContext {
  readonly environment: Environment;
  readonly say: Say;
}

const contentTypes = { 'http/protobuf': 'application/x-protobuf', 'http/json': 'application/json' } as const;

/** Where the push goes. */
export function destinationOf({ url, protocol, headers, compression, tls }: OtlpConfiguration): Destination {
  return { url, contentType: contentTypes[protocol], headers, compression, tls };
}

/** Undefined where `OTEL_*` asks for what can't be done. Whether to push at all, the options say. */
export function readOtlpConfiguration({
  environment,
  say,
}: ConfigurationContext): OtlpConfiguration | undefined {
  const protocolNames = ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];
  if (readFirst(environment, protocolNames)?.value.toLowerCase() === 'grpc') {
    // Not sent by HTTP instead: the endpoint is then a gRPC one, mostly on another port.
    say(
      'OTLP over gRPC is not supported, so metrics are not pushed: set OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf and OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, mostly on port 4318',
    );
    return undefined;
  }
  const url = readEndpoint(environment, say);
  return {
    url,
    protocol: readChoice(environment, protocolNames, ['http/protobuf', 'http/json'], say) ?? 'http/protobuf',
    headers: readHeaders(environment, say),
    compression:
      readChoice(
        environment,
        ['OTEL_EXPORTER_OTLP_METRICS_COMPRESSION', 'OTEL_EXPORTER_OTLP_COMPRESSION'],
        ['none', 'gzip'],
        say,
      ) ?? 'none',
    tls: url.protocol === 'https:' ? readTlsFiles(environment, say) : {},
    temporality:
      readChoice(
        environment,
        ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'],
        ['cumulative', 'delta', 'lowmemory'],
        say,
      ) ?? 'cumulative',
    intervalMs: readMilliseconds(environment, ['OTEL_METRIC_EXPORT_INTERVAL'], 1, say) ?? 60_000,
    timeoutMs: Math.min(
      readMilliseconds(
        environment,
        ['OTEL_EXPORTER_OTLP_METRICS_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'],
        1,
        say,
      ) ?? 10_000,
      readMilliseconds(environment, ['OTEL_METRIC_EXPORT_TIMEOUT'], 1, say) ?? 30_000,
    ),
  };
}
