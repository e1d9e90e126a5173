// The OTLP push as `OTEL_*` configures it, read as the OpenTelemetry specification says and as the
// application's own SDK reads it, so that one set of variables serves both. Read here rather than by
// the helpers of the OTLP packages because those tell of a malformed value only on a diagnostics
// channel that nobody hears.
import {
  type Environment,
  readChoice,
  readFirst,
  readMilliseconds,
  readText,
  type Say,
} from '../environment.ts';
import { readEndpoint } from './endpoint-url.ts';
import { readHeaders } from './headers.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';

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
  readonly debug: Say;
}

/** The configuration, or undefined where `OTEL_*` keeps metrics from being pushed. */
export function readOtlpConfiguration(context: ConfigurationContext): OtlpConfiguration | undefined {
  const { environment, say } = context;
  const reason = offReason(environment);
  if (reason !== undefined) {
    context.debug(`the OTLP push stays off: ${reason}`);
    return undefined;
  }
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

// Two variables by which a user says that this process pushes no metrics. `OTEL_SDK_DISABLED` is a
// switch for everything that `OTEL_*` configures, so also for this push; the Prometheus endpoint, which
// it doesn't configure, stays. An `OTEL_METRICS_EXPORTER` without `otlp` mostly goes with an endpoint
// that takes traces alone, where pushing would fail each minute; whoever names `otlp` in
// `LOOPSCOPE_EXPORTERS` has said otherwise for Loopscope, and that is the nearer word.
function offReason(environment: Environment): string | undefined {
  if (readText(environment, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true') {
    return 'OTEL_SDK_DISABLED is true';
  }
  const metrics = readFirst(environment, ['OTEL_METRICS_EXPORTER']);
  if (metrics === undefined || listed(metrics.value, 'otlp')) {
    return undefined;
  }
  const asked = listed(readText(environment, 'LOOPSCOPE_EXPORTERS') ?? '', 'otlp');
  return asked ? undefined : 'OTEL_METRICS_EXPORTER names other exporters';
}

function listed(list: string, name: string): boolean {
  return list.split(',').some((entry) => entry.trim().toLowerCase() === name);
}
