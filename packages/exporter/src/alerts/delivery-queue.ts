// The notifications that wait for one receiver. One request at a time; retried with backoff and jitter
// while the receiver may yet take them; at most so many a minute; and bounded, with drops counted, so
// that neither a storm of alerts nor a receiver that is down for a day can grow it.
import type { Alert, NotificationOutcome } from '@loopscope/sdk/telemetry';
import { failureInWords, failureKind } from '../http/failure.ts';
import { backoffMs } from '../http/retry-policy.ts';
import type { Reply } from '../http/transport.ts';
import type { Receiver } from './receiver.ts';

export interface QueueParts {
  readonly receiver: Receiver;
  readonly notified: (outcome: NotificationOutcome, times: number) => void;
  readonly say: (line: string) => void;
  readonly debug: (line: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Within 0 and 1. */
  readonly random: () => number;
  /** Waits; returns early once the signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const mostQueued = 100;
/** Requests at once after quiet, and how often another becomes free: 20 a minute at length. */
const burst = 20;
const refillMs = 3_000;
const attemptMs = 10_000;
const longestBackoffMs = 60_000;
/** A server may ask for longer than this; it is asked again all the same. */
const longestQuietMs = 10 * 60_000;
/** After so long nobody need be woken by it any more. */
const longestAgeMs = 60 * 60_000;

interface Entry {
  readonly key: string;
  alert: Alert;
  readonly queuedAt: number;
}

export class DeliveryQueue {
  readonly #parts: QueueParts;
  readonly #stop = new AbortController();
  /** Aborted while nothing may be retried: the process is about to exit. */
  #hurry = new AbortController();
  #entries: Entry[] = [];
  #inFlight: readonly Entry[] = [];
  #running: Promise<void> | undefined;
  #tokens = burst;
  #tokensAt: number;
  #failing: string | undefined;

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#tokensAt = parts.now();
  }

  get receiver(): Receiver['name'] {
    return this.#parts.receiver.name;
  }

  /** What waits already is replaced by its newer text, not sent twice. */
  push(alert: Alert): void {
    if (this.#stop.signal.aborted) {
      return;
    }
    const key = `${alert.fingerprint} ${alert.startsAt} ${alert.status}`;
    const waiting = this.#entries.find((entry) => entry.key === key);
    if (waiting === undefined) {
      this.#entries.push({ key, alert, queuedAt: this.#parts.now() });
      this.#drop();
    } else {
      waiting.alert = alert;
    }
    this.#start();
  }

  #start(): void {
    if (this.#entries.length > 0) {
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
    }
  }

  /** One attempt for all that waits, without retries. */
  async flush(): Promise<void> {
    this.#hurry.abort();
    await this.#running;
    if (!this.#stop.signal.aborted) {
      this.#hurry = new AbortController();
      this.#start();
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#hurry.abort();
    this.#parts.receiver.close();
    await this.#running;
  }

  #drop(): void {
    const excess = this.#entries.length + this.#inFlight.length - mostQueued;
    if (excess > 0) {
      const dropped = this.#entries.splice(0, excess);
      this.#parts.notified('dropped', dropped.length);
    }
  }

  async #run(): Promise<void> {
    for (let retry = 0; this.#entries.length > 0 && !this.#stop.signal.aborted; ) {
      await this.#waitForToken();
      const { receiver } = this.#parts;
      this.#inFlight = this.#entries.splice(0, receiver.batch);
      const alerts = this.#inFlight.map(({ alert }) => alert);
      const reply = await receiver.send(alerts, attemptMs, this.#stop.signal);
      if (this.#stop.signal.aborted) {
        return;
      }
      if (reply.kind === 'answered' && reply.status >= 200 && reply.status <= 299) {
        retry = 0;
        this.#delivered(this.#inFlight.length);
      } else {
        retry += 1;
        const wait = this.#failed(reply, retry);
        if (this.#hurry.signal.aborted) {
          return;
        }
        await this.#parts.pause(wait, this.#hurry.signal);
      }
    }
  }

  #delivered(times: number): void {
    this.#inFlight = [];
    this.#parts.notified('delivered', times);
    if (this.#failing !== undefined) {
      this.#failing = undefined;
      this.#parts.debug(`alerts reach ${this.#parts.receiver.place} again`);
    }
  }

  /** Puts back what is worth another try; returns how long to wait before it. */
  #failed(reply: Reply, retry: number): number {
    const { receiver, now, notified, random } = this.#parts;
    this.#tell(reply);
    const tried = this.#inFlight;
    this.#inFlight = [];
    const again = receiver.mayRetry(reply)
      ? tried.filter(({ queuedAt }) => now() - queuedAt < longestAgeMs)
      : [];
    if (again.length < tried.length) {
      notified('failed', tried.length - again.length);
    }
    // What was queued anew meanwhile is the newer text of the same.
    const queued = new Set(this.#entries.map(({ key }) => key));
    this.#entries.unshift(...again.filter(({ key }) => !queued.has(key)));
    this.#drop();
    if (again.length === 0) {
      return 0;
    }
    const asked = reply.kind === 'answered' ? reply.retryAfterMs : undefined;
    return asked === undefined
      ? backoffMs(retry, random(), longestBackoffMs)
      : Math.min(asked, longestQuietMs);
  }

  async #waitForToken(): Promise<void> {
    const { now, pause } = this.#parts;
    for (;;) {
      const gained = Math.floor((now() - this.#tokensAt) / refillMs);
      this.#tokens = Math.min(burst, this.#tokens + gained);
      this.#tokensAt = this.#tokens === burst ? now() : this.#tokensAt + gained * refillMs;
      if (this.#tokens > 0 || this.#hurry.signal.aborted) {
        this.#tokens = Math.max(0, this.#tokens - 1);
        return;
      }
      await pause(this.#tokensAt + refillMs - now(), this.#hurry.signal);
    }
  }

  #tell(reply: Reply): void {
    const { receiver, say, debug } = this.#parts;
    const kind = failureKind(reply);
    const again = receiver.mayRetry(reply) ? 'it is tried again' : 'it is not tried again';
    const line = `alerts can't be sent to ${receiver.place}: ${failureInWords(reply)}; ${again}`;
    // Not in the hurry of an exit: a script should not get a line on standard error because of us.
    if (this.#failing === kind || this.#hurry.signal.aborted || receiver.name === 'stderr') {
      debug(line);
    } else {
      say(line);
    }
    this.#failing = kind;
  }
}
