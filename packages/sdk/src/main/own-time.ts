// What we ourselves take of this thread, measured where it is taken. What runs for each request or task is measured
// now and then, and stands for the others. Not in it is what V8 and libuv do on our account: the heartbeat's timer,
// a profile's samples, what a hook costs before it is called.
import { monotonicNow } from '../shared/clock.ts';
import { type OwnPart, type OwnTimeReading, ownParts } from '../shared/own-time.ts';
import { workedMs } from './worked-time.ts';

const { max: most, min: least } = Math;

/** One call in so many of a handler is measured. */
const sampledEvery = 64;
/**
 * Wall time up to which it is taken for ours. What is longer may have been preempted: then the thread's CPU time
 * is asked, which some kernels count in steps of some milliseconds.
 */
const trustedMs = 5;
/** By which the typical length of a handler's call follows what is measured: towards its median, slowly. */
const step = 0.05;

export class OwnTime {
  readonly #spentMs = Object.fromEntries(ownParts.map((part) => [part, 0])) as Record<OwnPart, number>;
  /** What was measured within the measurement under way: it is counted once. */
  #innerMs = 0;

  add(part: OwnPart, ms: number): void {
    this.#spentMs[part] += ms;
  }

  /** Of a part that keeps its own account. */
  set(part: OwnPart, ms: number): void {
    this.#spentMs[part] = ms;
  }

  measure<Result>(part: OwnPart, work: () => Result): Result {
    // Nothing here calls what an application may have replaced: a capture is measured too.
    const began = monotonicNow();
    const worked = workedMs();
    const outerMs = this.#innerMs;
    this.#innerMs = 0;
    try {
      return work();
    } finally {
      const wallMs = monotonicNow() - began;
      const ms = wallMs <= trustedMs ? wallMs : least(wallMs, most(trustedMs, workedMs() - worked));
      this.add(part, most(0, ms - this.#innerMs));
      this.#innerMs = outerMs + ms;
    }
  }

  /**
   * The same handler, now and then with a look at the clock. What counts is the median: one call that was preempted
   * or met cold code stands for none of the others.
   */
  sampling(part: OwnPart, handler: (message: unknown) => void): (message: unknown) => void {
    let calls = 0;
    let typicalMs = 0;
    return (message) => {
      calls += 1;
      if (calls < sampledEvery) {
        handler(message);
        return;
      }
      calls = 0;
      const before = monotonicNow();
      const began = monotonicNow();
      handler(message);
      // Less what reading the clock takes, which is as much as a handler does.
      const ms = most(0, monotonicNow() - began - (began - before));
      typicalMs = typicalMs === 0 ? ms : typicalMs * (ms > typicalMs ? 1 + step : 1 - step);
      this.add(part, sampledEvery * typicalMs);
    };
  }

  /** Milliseconds, of all parts. */
  get totalMs(): number {
    return ownParts.reduce((sum, part) => sum + this.#spentMs[part], 0);
  }

  read(): OwnTimeReading {
    return { ...this.#spentMs };
  }
}
