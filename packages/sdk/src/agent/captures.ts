// Captures of one thread: asked for by interrupt, answered over the thread's port. At most one is
// unanswered at a time, since a native call would let them pile up and run back to back at its end.
import type { Monotonic } from '../shared/clock.ts';
import type { CaptureMessage } from '../shared/messages.ts';

/**
 * JavaScript answers in about a millisecond. What takes longer waited for a native call to return, or
 * for a CPU: its frames may be those of the code that came next.
 */
const lateMs = 20;
/** A loop that turns runs what was asked for in its next turns. */
const expiryMs = 200;

export type CaptureOutcome = 'taken' | 'late' | 'failed' | 'skipped';

export interface Answer {
  readonly waitedMs: number;
  readonly late: boolean;
}

export interface CapturesParts {
  /** Runs the probe with this id inside the blocked code; throws where it can't. */
  readonly interrupt: (id: number) => void;
  /** Whether there is budget for it now, which it takes; unlimited without. */
  readonly allowed?: ((now: Monotonic) => boolean) | undefined;
  readonly counted: (outcome: CaptureOutcome) => void;
  readonly debug: (line: string) => void;
}

export class Captures {
  readonly #parts: CapturesParts;
  #lastId = 0;
  #wanted = false;
  #pending: { readonly id: number; readonly askedAt: Monotonic } | undefined;

  constructor(parts: CapturesParts) {
    this.#parts = parts;
  }

  /** What there is no budget for is asked for again (`retry`), as long as the quiet lasts. */
  ask(now: Monotonic): void {
    if (this.#pending === undefined && !this.askIfAllowed(now)) {
      this.#wanted = true;
    }
  }

  /** To be told of each look. */
  retry(now: Monotonic): void {
    if (this.#wanted) {
      this.ask(now);
    }
  }

  /** Whether it was asked for. */
  askIfAllowed(now: Monotonic): boolean {
    if (this.#pending !== undefined || this.#parts.allowed?.(now) === false) {
      return false;
    }
    this.#wanted = false;
    this.#lastId += 1;
    try {
      this.#parts.interrupt(this.#lastId);
      this.#pending = { id: this.#lastId, askedAt: now };
    } catch (error) {
      this.#parts.counted('failed');
      this.#parts.debug(`capture failed: ${String(error)}`);
    }
    return true;
  }

  /** How long the answer was waited for; undefined for one that was not asked for. */
  answered({ id, at }: Pick<CaptureMessage, 'id' | 'at'>): Answer | undefined {
    const pending = this.#pending;
    if (pending === undefined || pending.id !== id) {
      return undefined;
    }
    this.#pending = undefined;
    const waitedMs = Math.max(0, at - pending.askedAt);
    const late = waitedMs >= lateMs;
    this.#parts.counted(late ? 'late' : 'taken');
    return { waitedMs, late };
  }

  /** The loop has turned since: what has not answered by now never will. */
  expire(now: Monotonic): void {
    if (this.#wanted) {
      this.#wanted = false;
      this.#parts.counted('skipped');
    }
    if (this.#pending !== undefined && now - this.#pending.askedAt >= expiryMs) {
      this.#pending = undefined;
      this.#parts.counted('failed');
      this.#parts.debug('a capture was not answered');
    }
  }

  /** The process stood still for so long: that is not lateness. */
  suspended(gapMs: number): void {
    if (this.#pending !== undefined) {
      this.#pending = { ...this.#pending, askedAt: this.#pending.askedAt + gapMs };
    }
  }
}
