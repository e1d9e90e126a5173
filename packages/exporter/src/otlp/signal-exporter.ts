// Hands the requests of one signal to the collector: each with its retries, failures said once and
// counted, what was given up counted too. Metrics, logs and spans differ in what is in a request only.
import type { OutletContext } from '@loopscope/sdk/telemetry';
import { deliver, type Outcome, pause } from '../http/delivery.ts';
import { failureKind } from '../http/failure.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import type { NameLookup } from '../resolver/name-lookup.ts';
import { destinationOf, type SignalConfiguration } from './configuration.ts';
import { describeFailure, describeRejection } from './export-failure.ts';
import type { Signal } from './signals.ts';

export const otlpName = 'otlp';

// A collector may ask for longer than this; it is asked again all the same.
const longestQuietMs = 10 * 60_000;

/** What a collector says of the items that it did not take. */
export interface Rejection {
  readonly items: number;
  readonly message: string | undefined;
}

export interface SignalExporterParts {
  readonly signal: Signal;
  readonly context: OutletContext;
  readonly configuration: SignalConfiguration;
  readonly nameLookup: NameLookup;
  /** Reads the answer of a collector; throws where it is something else. */
  rejectionIn(answer: Buffer): Rejection;
}

export class SignalExporter {
  readonly #parts: SignalExporterParts;
  readonly #stop = new AbortController();
  readonly #said = new Set<string>();
  /** Aborted while nothing may be retried: a flush waits, or the end has come. */
  #hurry = new AbortController();
  #transport: Transport | undefined;
  /** The collector has asked for quiet until then. */
  #quietUntil = Number.NEGATIVE_INFINITY;
  #failing = false;

  constructor(parts: SignalExporterParts) {
    this.#parts = parts;
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Milliseconds for which the collector wants nothing. */
  get quietMs(): number {
    return Math.max(0, this.#quietUntil - performance.now());
  }

  /** Makes what the first export would wait for. */
  prepare(): Transport {
    const { configuration, context, nameLookup } = this.#parts;
    this.#transport ??= createTransport(destinationOf(configuration), context.sdkVersion, nameLookup.lookup);
    return this.#transport;
  }

  /** Resolves when the request is taken or given up. */
  async export(body: Uint8Array, items: number): Promise<void> {
    const transport = this.prepare();
    const outcome = await deliver(
      {
        send: (timeoutMs) => transport.send(body, timeoutMs, this.#stop.signal),
        pause,
        now: () => performance.now(),
        random: Math.random,
      },
      this.#parts.configuration.timeoutMs,
      this.#hurry.signal,
    );
    if (outcome.delivered) {
      this.#delivered(outcome);
    } else if (!this.stopped) {
      this.#failed(outcome, items);
    }
  }

  /** Makes the attempt under way the last, and each of the next the only one, until it is calmed. */
  hurry(): void {
    this.#hurry.abort();
  }

  calm(): void {
    if (!this.stopped) {
      this.#hurry = new AbortController();
    }
  }

  stop(): void {
    this.#stop.abort();
    this.#hurry.abort();
    this.#parts.nameLookup.cancel();
    this.#transport?.close();
  }

  /** Counts items that were given up before they could be sent. */
  dropped(items: number): void {
    this.#parts.context.source.mishap({ kind: 'dropped', exporter: otlpName, items });
  }

  #delivered({ reply }: Outcome): void {
    const { context, configuration, signal } = this.#parts;
    if (this.#failing) {
      this.#failing = false;
      context.debug(`${signal.name} reach the collector again`);
    }
    const rejected = reply.kind === 'answered' ? this.#rejection(reply.body) : undefined;
    if (rejected !== undefined && rejected.items > 0) {
      this.dropped(rejected.items);
      this.#tell('rejected', describeRejection(signal, configuration.url, rejected));
    }
  }

  #failed({ reply }: Outcome, items: number): void {
    const { context, configuration, signal } = this.#parts;
    this.#failing = true;
    if (reply.kind === 'answered' && reply.retryAfterMs !== undefined) {
      this.#quietUntil = performance.now() + Math.min(reply.retryAfterMs, longestQuietMs);
    }
    context.source.mishap({ kind: 'export_failed', exporter: otlpName });
    this.dropped(items);
    this.#tell(failureKind(reply), describeFailure(signal, configuration.url, reply));
  }

  /** What a partial success says; undefined where the answer is something else. */
  #rejection(body: Buffer): Rejection | undefined {
    if (body.length === 0) {
      return undefined;
    }
    try {
      const { items, message } = this.#parts.rejectionIn(body);
      return { items: Number.isSafeInteger(items) ? items : 0, message };
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
