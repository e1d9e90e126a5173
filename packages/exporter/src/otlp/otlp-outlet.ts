// The OTLP push as a way out: what the PeriodicExportingMetricReader and the OTLP exporter of
// OpenTelemetry do, but with one export at a time, nothing on the libuv pool, failures that are said
// and counted, and an end that waits for nobody.
//
// A tick that comes due while an export is under way is skipped: nothing has been collected then, so
// nothing is lost, and no queue can grow. What was collected and not taken is counted as dropped.

import type { Outlet, OutletContext } from '@loopscope/sdk/telemetry';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { deliver, type Outcome, pause } from '../http/delivery.ts';
import { failureKind } from '../http/failure.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import { createNameLookup, type NameLookup } from '../resolver/name-lookup.ts';
import { destinationOf, type OtlpConfiguration } from './configuration.ts';
import { describeFailure, describeRejection } from './export-failure.ts';
import { countPoints, type PushReader } from './push-reader.ts';

export const otlpName = 'otlp';

export interface OtlpParts {
  readonly context: OutletContext;
  readonly configuration: OtlpConfiguration;
  readonly reader: PushReader;
  /** Told of a failure in collecting. */
  onError(error: unknown): void;
  readonly nameLookup?: NameLookup;
}

// A collector may ask for longer than this; it is asked again all the same.
const longestQuietMs = 10 * 60_000;

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
  readonly #nameLookup: NameLookup;
  readonly #stop = new AbortController();
  readonly #said = new Set<string>();
  /** Aborted while nothing may be retried: a flush waits, or the end has come. */
  #hurry = new AbortController();
  #transport: Transport | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  #underWay: Promise<void> | undefined;
  #flush: Promise<void> | undefined;
  /** The collector has asked for quiet until then. */
  #quietUntil = Number.NEGATIVE_INFINITY;
  #failing = false;

  constructor(parts: OtlpParts) {
    this.#parts = parts;
    this.#serializer =
      parts.configuration.protocol === 'http/json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
    this.#nameLookup = parts.nameLookup ?? createNameLookup();
  }

  start(): void {
    this.#timers.push(
      setInterval(() => void this.#exportOnce(), this.#parts.configuration.intervalMs),
      setTimeout(() => this.#makeTransport(), transportDelayMs),
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
    this.#stop.abort();
    this.#hurry.abort();
    this.#nameLookup.cancel();
    this.#transport?.close();
    await this.#underWay;
  }

  async #flushOnce(): Promise<void> {
    this.#hurry.abort();
    await this.#underWay;
    await this.#exportOnce();
    if (!this.#stop.signal.aborted) {
      this.#hurry = new AbortController();
    }
  }

  #exportOnce(): Promise<void> {
    const idle = this.#underWay === undefined && performance.now() >= this.#quietUntil;
    if (idle && !this.#stop.signal.aborted) {
      this.#underWay = this.#export()
        .catch(this.#parts.onError)
        .finally(() => {
          this.#underWay = undefined;
        });
    }
    return this.#underWay ?? Promise.resolve();
  }

  async #export(): Promise<void> {
    const { reader, configuration, onError } = this.#parts;
    const { resourceMetrics, errors } = await reader.collect();
    errors.forEach(onError);
    const points = countPoints(resourceMetrics);
    const body = points === 0 ? undefined : this.#serializer.serializeRequest(resourceMetrics);
    if (body === undefined) {
      return;
    }
    const transport = this.#makeTransport();
    const outcome = await deliver(
      {
        send: (timeoutMs) => transport.send(body, timeoutMs, this.#stop.signal),
        pause,
        now: () => performance.now(),
        random: Math.random,
      },
      configuration.timeoutMs,
      this.#hurry.signal,
    );
    if (outcome.delivered) {
      this.#delivered(outcome);
    } else if (!this.#stop.signal.aborted) {
      this.#failed(outcome, points);
    }
  }

  #makeTransport(): Transport {
    const { configuration, context } = this.#parts;
    this.#transport ??= createTransport(
      destinationOf(configuration),
      context.sdkVersion,
      this.#nameLookup.lookup,
    );
    return this.#transport;
  }

  #delivered({ reply }: Outcome): void {
    const { context, configuration } = this.#parts;
    if (this.#failing) {
      this.#failing = false;
      context.debug('metrics reach the collector again');
    }
    const rejected = reply.kind === 'answered' ? this.#rejection(reply.body) : undefined;
    if (rejected !== undefined && rejected.points > 0) {
      context.source.mishap({ kind: 'dropped', exporter: otlpName, items: rejected.points });
      this.#tell('rejected', describeRejection(configuration.url, rejected.points, rejected.message));
    }
  }

  #failed({ reply }: Outcome, points: number): void {
    const { context, configuration } = this.#parts;
    this.#failing = true;
    if (reply.kind === 'answered' && reply.retryAfterMs !== undefined) {
      this.#quietUntil = performance.now() + Math.min(reply.retryAfterMs, longestQuietMs);
    }
    context.source.mishap({ kind: 'export_failed', exporter: otlpName });
    context.source.mishap({ kind: 'dropped', exporter: otlpName, items: points });
    this.#tell(failureKind(reply), describeFailure(configuration.url, reply));
  }

  /** What a partial success says; undefined where the answer is something else. */
  #rejection(body: Buffer): { readonly points: number; readonly message: string | undefined } | undefined {
    if (body.length === 0) {
      return undefined;
    }
    try {
      const { partialSuccess } = this.#serializer.deserializeResponse(body);
      // JSON writes 64-bit integers as strings.
      const points = Number(partialSuccess?.rejectedDataPoints ?? 0);
      return { points: Number.isSafeInteger(points) ? points : 0, message: partialSuccess?.errorMessage };
    } catch {
      return undefined;
    }
  }

  // In the hurry of an exit only to whoever debugs: a script that ends before its first interval should
  // not get a line on standard error because of us.
  #tell(kind: string, line: string): void {
    const { say, debug } = this.#parts.context;
    if (this.#said.has(kind) || this.#hurry.signal.aborted) {
      debug(line);
    } else {
      this.#said.add(kind);
      say(line);
    }
  }
}
