// Active resources by type. Reading them takes time in proportion to their number (milliseconds with
// ten thousand sockets), so the pace follows the price.
import { monotonicNow } from '../shared/clock.ts';

/** At most this share of the thread's time. */
const budget = 0.001;
/** A read of so many milliseconds is itself a small stall: such are made at a fifth of the pace. */
const longMs = 5;
const longFactor = 5;

const getActiveResourcesInfo = process.getActiveResourcesInfo?.bind(process);

export class ResourceReader {
  #notBefore = 0;

  /** Counts by type, or undefined while the budget of the last read is not paid back. */
  read(): Record<string, number> | undefined {
    const before = monotonicNow();
    if (before < this.#notBefore) {
      return undefined;
    }
    const counts = countedByType(getActiveResourcesInfo());
    const after = monotonicNow();
    const price = after - before;
    this.#notBefore = after + (price / budget) * (price < longMs ? 1 : longFactor);
    return counts;
  }
}

// Equal types come in runs, of a hundred thousand at worst: counting each by its name takes several
// times as long as the reading itself.
function countedByType(types: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = Object.create(null);
  let start = 0;
  for (let end = 1; end <= types.length; end += 1) {
    const type = types[start] as string;
    if (end === types.length || types[end] !== type) {
      counts[type] = (counts[type] ?? 0) + end - start;
      start = end;
    }
  }
  return counts;
}
