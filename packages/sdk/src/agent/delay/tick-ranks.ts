// Which ticks are new in the heartbeat's histogram? It is never reset and gives no differences; but a
// percentile asks it for the value of any rank. So how many ticks lie above each edge of the bins is
// found by ranks, and what has come since the last read is the difference. When the highest rank that
// was under the lowest edge still is, no late tick has come at all: one question on an idle loop.
import { binEdgesMs } from './lateness-bins.ts';

/** The part of the native histogram that is read. Its values are nanoseconds. */
export interface TickHistogram {
  readonly count: number;
  percentile(percentile: number): number;
}

export interface NewTicks {
  /** All that have come, late or not. */
  readonly ticks: number;
  /** The late ones by bin, in ascending order; bins without any are left out. */
  readonly late: readonly LateTicks[];
}

export interface LateTicks {
  readonly bin: number;
  readonly ticks: number;
}

export class TickRanks {
  readonly #histogram: TickHistogram;
  readonly #edgesNs: readonly number[];
  #count = 0;
  /** By edge: ticks at it or above, as of the last read. */
  #above: readonly number[];

  constructor(histogram: TickHistogram, heartbeatMs: number) {
    this.#histogram = histogram;
    this.#edgesNs = binEdgesMs.map((edge) => (heartbeatMs + edge) * 1e6);
    this.#above = this.#edgesNs.map(() => 0);
  }

  /**
   * Ticks since the last read, up to so many in all. Undefined, and left for the next read, where more
   * have come: what they are can't be told from those that were asked for.
   */
  read(count: number): NewTicks | undefined {
    if (this.#histogram.count !== count) {
      return undefined;
    }
    const added = this.#addedAbove(count);
    return this.#histogram.count === count ? this.#keep(count, added) : undefined;
  }

  #keep(count: number, added: readonly number[]): NewTicks {
    const ticks = count - this.#count;
    this.#count = count;
    if (added[0] === 0) {
      return { ticks, late: [] };
    }
    this.#above = this.#above.map((before, edge) => before + (added[edge] as number));
    const late = added
      .map((more, edge) => ({ bin: edge + 1, ticks: more - (added[edge + 1] ?? 0) }))
      .filter(({ ticks: some }) => some > 0);
    return { ticks, late };
  }

  /** By edge: new ticks at it or above. It falls from edge to edge, so between equal ones all are equal. */
  #addedAbove(count: number): readonly number[] {
    const added: number[] = this.#edgesNs.map(() => 0);
    const refine = (low: number, high: number): void => {
      const most = added[low] as number;
      const least = added[high] ?? 0;
      if (most === least) {
        added.fill(most, low, high);
        return;
      }
      if (high - low < 2) {
        return;
      }
      const middle = (low + high) >>> 1;
      added[middle] = this.#search(count, middle, least, most);
      refine(low, middle);
      refine(middle, high);
    };
    added[0] = this.#search(count, 0, 0, count - this.#count);
    refine(0, this.#edgesNs.length);
    return added;
  }

  /** New ticks at this edge or above: no fewer than `least`, no more than `most`. */
  #search(count: number, edge: number, least: number, most: number): number {
    const before = this.#above[edge] as number;
    let low = least;
    let high = most;
    // Mostly there is none: that is asked first.
    let next = low + 1;
    while (low < high) {
      if (this.#fromTop(count, before + next) >= (this.#edgesNs[edge] as number)) {
        low = next;
      } else {
        high = next - 1;
      }
      next = Math.ceil((low + high) / 2);
    }
    return low;
  }

  /** The value of a rank, counted from the greatest, which is 1. */
  #fromTop(count: number, rank: number): number {
    return this.#histogram.percentile((100 * (count - rank + 1)) / count);
  }
}
