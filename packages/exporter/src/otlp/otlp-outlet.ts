// The OTLP push of metrics as a way out: what the PeriodicExportingMetricReader and the OTLP exporter of
// OpenTelemetry do, but with one export at a time, nothing on the libuv pool, failures that are said
// and counted, and an end that waits for nobody.
//
// A tick that comes due while an export is under way is skipped: nothing has been collected then, so
// nothing is lost, and no queue can grow. What was collected and not taken is counted as dropped.

import type { Outlet, OutletContext } from '@loopscope/sdk/telemetry';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { createNameLookup, type NameLookup } from '../resolver/name-lookup.ts';
import type { OtlpConfiguration } from './configuration.ts';
import { countPoints, type PushReader } from './push-reader.ts';
import { otlpName, SignalExporter } from './signal-exporter.ts';
import { metricsSignal } from './signals.ts';

export interface OtlpParts {
  readonly context: OutletContext;
  readonly configuration: OtlpConfiguration;
  readonly reader: PushReader;
  /** Told of a failure in collecting. */
  onError(error: unknown): void;
  readonly nameLookup?: NameLookup;
}

// TLS takes 10 to 20 ms to load: too much for the start, and for the last export before an exit.
const transportDelayMs = 2_000;

/** Starts to push at the configured interval. */
export function openOtlpPush(parts: OtlpParts): Outlet {
  const push = new OtlpPush(parts);
  push.start();
  return push;
}

class OtlpPush implements Outlet {
  readonly name = otlpName;
  readonly #parts: OtlpParts;
  readonly #serializer: typeof ProtobufMetricsSerializer;
  readonly #exporter: SignalExporter;
  readonly #timers: NodeJS.Timeout[] = [];
  #underWay: Promise<void> | undefined;
  #flush: Promise<void> | undefined;

  constructor(parts: OtlpParts) {
    const { context, configuration, nameLookup = createNameLookup() } = parts;
    this.#parts = parts;
    this.#serializer =
      configuration.protocol === 'http/json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
    this.#exporter = new SignalExporter({
      signal: metricsSignal,
      context,
      configuration,
      nameLookup,
      rejectionIn: (answer) => {
        const { partialSuccess } = this.#serializer.deserializeResponse(answer);
        // JSON writes 64-bit integers as strings.
        return {
          items: Number(partialSuccess?.rejectedDataPoints ?? 0),
          message: partialSuccess?.errorMessage,
        };
      },
    });
  }

  start(): void {
    this.#timers.push(
      setInterval(() => void this.#exportOnce(), this.#parts.configuration.intervalMs),
      setTimeout(() => this.#exporter.prepare(), transportDelayMs),
    );
    for (const timer of this.#timers) {
      timer.unref();
    }
  }

  /** Ends the export under way without further retries, then exports once more, in one attempt. */
  flush(): Promise<void> {
    this.#flush ??= this.#flushOnce().finally(() => {
      this.#flush = undefined;
    });
    return this.#flush;
  }

  async stop(): Promise<void> {
    this.#timers.forEach(clearInterval);
    this.#exporter.stop();
    await this.#underWay;
  }

  async #flushOnce(): Promise<void> {
    this.#exporter.hurry();
    await this.#underWay;
    await this.#exportOnce();
    this.#exporter.calm();
  }

  #exportOnce(): Promise<void> {
    const idle = this.#underWay === undefined && this.#exporter.quietMs === 0;
    if (idle && !this.#exporter.stopped) {
      this.#underWay = this.#export()
        .catch(this.#parts.onError)
        .finally(() => {
          this.#underWay = undefined;
        });
    }
    return this.#underWay ?? Promise.resolve();
  }

  async #export(): Promise<void> {
    const { reader, onError } = this.#parts;
    const { resourceMetrics, errors } = await reader.collect();
    errors.forEach(onError);
    const points = countPoints(resourceMetrics);
    const body = points === 0 ? undefined : this.#serializer.serializeRequest(resourceMetrics);
    if (body !== undefined) {
      await this.#exporter.export(body, points);
    }
  }
}
