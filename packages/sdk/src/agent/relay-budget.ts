// How often a worker thread may be captured: the main thread pays for each, 0.4 to 0.9 ms, so all workers of
// a process share half a percent of its time, of which a burst may take some in advance.
import type { Monotonic } from '../shared/clock.ts';

/** At 0.9 ms each: 0.45 %. */
const perSecond = 5;
const mostAtOnce = 5;
/** From one to the next, so that main is not held up by several in a row. */
const leastBetweenMs = 20;

export class RelayBudget {
  #left = mostAtOnce;
  #takenAt: Monotonic = Number.NEGATIVE_INFINITY;

  /** Whether one may be taken now, and takes it. */
  take(now: Monotonic): boolean {
    const sinceMs = Math.max(0, now - this.#takenAt);
    const left = Math.min(mostAtOnce, this.#left + (sinceMs * perSecond) / 1000);
    if (sinceMs < leastBetweenMs || left < 1) {
      return false;
    }
    this.#left = left - 1;
    this.#takenAt = now;
    return true;
  }
}
