// The latest garbage collections of one thread, for the stalls that they overlap. They are told after
// the fact, many at once, and a long stall may have had thousands: past a bound, neighbours are merged.
import type { Monotonic } from '../../shared/clock.ts';
import type { GcEntry } from '../../shared/messages.ts';

const mostKept = 1024;

interface Collections {
  readonly from: Monotonic;
  readonly to: Monotonic;
  readonly ms: number;
}

export class GcLog {
  #kept: Collections[] = [];

  add(entries: readonly Pick<GcEntry, 'at' | 'durationMs'>[]): void {
    for (const { at, durationMs } of entries) {
      this.#kept.push({ from: at, to: at + durationMs, ms: durationMs });
    }
    while (this.#kept.length > mostKept) {
      this.#kept = merged(this.#kept);
    }
  }

  /** What ended before is forgotten. */
  forgetBefore(moment: Monotonic): void {
    if (this.#kept.length > 0) {
      this.#kept = this.#kept.filter(({ to }) => to >= moment);
    }
  }

  /** Milliseconds of collections between two moments. */
  within(start: Monotonic, end: Monotonic): number {
    let sum = 0;
    for (const { from, to, ms } of this.#kept) {
      const overlap = Math.min(to, end) - Math.max(from, start);
      if (overlap > 0) {
        sum += ms * (overlap / (to - from));
      }
    }
    return Math.min(sum, end - start);
  }
}

function merged(all: readonly Collections[]): Collections[] {
  const result: Collections[] = [];
  for (let index = 0; index < all.length; index += 2) {
    const one = all[index] as Collections;
    const next = all[index + 1] ?? { ...one, ms: 0 };
    result.push({
      from: Math.min(one.from, next.from),
      to: Math.max(one.to, next.to),
      ms: one.ms + next.ms,
    });
  }
  return result;
}
