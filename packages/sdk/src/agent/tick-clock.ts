// When did a tick come? The histogram counts ticks and does not date them, and a look knows only that
// one came since the look before. But it also holds the sum of the intervals between ticks, so all
// ticks hang together: each look that finds a new one bounds the moment of the first, and the looks'
// chance phases narrow those bounds to about a millisecond.
import type { Monotonic } from '../shared/clock.ts';

/** The histogram keeps three significant digits of an interval. */
const intervalError = 0.001;

export interface TickBounds {
  /** The latest tick came after this, */
  readonly after: Monotonic;
  /** and at this or before. */
  readonly before: Monotonic;
}

export class TickClock {
  #intervalsMs = 0;
  /** Of the first tick. */
  #after: Monotonic = Number.NEGATIVE_INFINITY;
  #before: Monotonic = Number.POSITIVE_INFINITY;

  /**
   * Dates the latest tick. `intervalsMs`: sum of all intervals so far; `after` and `before`: the looks
   * between which it came, and `othersMs`: what the other ticks between these looks took at least.
   */
  date(intervalsMs: number, { after, before }: TickBounds, othersMs: number = 0): TickBounds {
    const errorMs = Math.abs(intervalsMs - this.#intervalsMs) * intervalError;
    this.#intervalsMs = intervalsMs;
    this.#after = Math.max(this.#after - errorMs, after + othersMs - intervalsMs);
    this.#before = Math.min(this.#before + errorMs, before - intervalsMs);
    if (this.#after > this.#before) {
      // The sum has gone astray: begin again from what is sure.
      this.#after = after - intervalsMs;
      this.#before = before - intervalsMs;
    }
    return { after: this.#after + intervalsMs, before: this.#before + intervalsMs };
  }
}
