// How old a task is, from its async id: ids are handed out in order, and now and then it was noted which
// one was the latest.
import type { Monotonic } from '../../shared/clock.ts';
import type { TaskAges } from '../../shared/tasks-report.ts';

export class TaskClock {
  /** Pairs of id and moment, both rising. */
  readonly #pairs: Float64Array;
  readonly #end: Monotonic;

  constructor(pairs: Float64Array, end: Monotonic) {
    this.#pairs = pairs;
    this.#end = end;
  }

  /** Milliseconds at the end; a task from before the first note is as old as that, at least. */
  age(id: number): number {
    const pairs = this.#pairs;
    let low = 0;
    let high = pairs.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs[middle * 2] as number) < id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const [lowId, lowAt] = [pairs[low * 2 - 2], pairs[low * 2 - 1]];
    const [highId, highAt] = [pairs[low * 2], pairs[low * 2 + 1]];
    if (highId === undefined || highAt === undefined) {
      return 0;
    }
    const at =
      lowId === undefined || lowAt === undefined
        ? highAt
        : lowAt + ((id - lowId) / (highId - lowId)) * (highAt - lowAt);
    return Math.max(0, this.#end - at);
  }
}

/** Upper bounds in milliseconds, in the order of `TaskAges`. */
const bounds = [1000, 10_000, 60_000, 600_000] as const;

export class AgeBuckets {
  readonly #counts = [0, 0, 0, 0, 0];
  oldestMs = 0;

  add(ageMs: number): void {
    const index = bounds.findIndex((bound) => ageMs < bound);
    const bucket = index < 0 ? bounds.length : index;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.oldestMs = Math.max(this.oldestMs, ageMs);
  }

  ages(): TaskAges {
    const [under1s = 0, under10s = 0, under1min = 0, under10min = 0, older = 0] = this.#counts;
    return { under1s, under10s, under1min, under10min, older };
  }
}
