// Active resources by type. Reading them takes time in proportion to their number (milliseconds with
// ten thousand sockets), so the pace follows the price.
import { monotonicNow } from '../shared/clock.ts';

/** At most this share of the thread's time. */
const budget = 0.001;

const getActiveResourcesInfo = process.getActiveResourcesInfo?.bind(process);

export class ResourceReader {
  #notBefore = 0;

  /** Counts by type, or undefined while the budget of the last read is not paid back. */
  read(): Record<string, number> | undefined {
    const before = monotonicNow();
    if (before < this.#notBefore) {
      return undefined;
    }
    const counts: Record<string, number> = Object.create(null);
    for (const type of getActiveResourcesInfo()) {
      counts[type] = (counts[type] ?? 0) + 1;
    }
    const after = monotonicNow();
    this.#notBefore = after + (after - before) / budget;
    return counts;
  }
}
