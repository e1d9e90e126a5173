// A histogram that is known as counts and a sum, for a meter that takes values one by one: as many values as are
// new, each in its bucket, that add up to the new part of the sum. So buckets, count and sum are the agent's own; of
// where in its bucket a value was, nothing is known but the sum, and all lie at the same share of theirs.
import type { HistogramPoint } from '@loopscope/sdk';
import { seriesKey } from '../shared/instruments.ts';

interface Given {
  readonly counts: readonly number[];
  readonly sum: number;
}

/** What one meter has been given so far. */
export class HistogramDeltas {
  readonly #given = new Map<string, Given>();

  /** The values that are new since the last call for this series; all of them at the first. */
  take(metric: string, { attributes, boundaries, counts, sum }: HistogramPoint): Iterable<number> {
    const key = `${metric} ${seriesKey(attributes)}`;
    const given = this.#given.get(key);
    this.#given.set(key, { counts, sum });
    // An agent that follows one that has crashed counts anew.
    const base =
      given && counts.every((count, bucket) => count >= (given.counts[bucket] ?? 0)) ? given : undefined;
    const added = counts.map((count, bucket) => count - (base?.counts[bucket] ?? 0));
    return spread(boundaries, added, sum - (base?.sum ?? 0));
  }
}

/** Values that fill the buckets so, and add up to the sum where any such values do. */
export function* spread(
  boundaries: readonly number[],
  counts: readonly number[],
  sum: number,
): Generator<number, void, void> {
  const share = shareOf(boundaries, counts, sum);
  let rest = sum;
  for (const [bucket, count] of counts.entries()) {
    const bound = boundaries[bucket];
    if (bound !== undefined) {
      const value = between(boundaries[bucket - 1] ?? 0, bound, share);
      rest -= count * value;
      yield* times(count, value);
    } else if (count > 0) {
      // They have no upper bound: what is left of the sum is theirs.
      const last = boundaries.at(-1) ?? 0;
      yield* times(count, Math.max(rest / count, last * (1 + Number.EPSILON * 4)));
    }
  }
}

function* times(count: number, value: number): Generator<number, void, void> {
  for (let index = 0; index < count; index += 1) {
    yield value;
  }
}

// A bucket holds its upper bound and not its lower one.
function between(low: number, high: number, share: number): number {
  return low + (high - low) * (low === 0 ? share : Math.max(share, 1e-9));
}

/** How far up in its bucket each value lies, 0 to 1. */
function shareOf(boundaries: readonly number[], counts: readonly number[], sum: number): number {
  let least = 0;
  let room = 0;
  for (const [bucket, high] of boundaries.entries()) {
    const low = boundaries[bucket - 1] ?? 0;
    const count = counts[bucket] ?? 0;
    least += count * low;
    room += count * (high - low);
  }
  const beyond = counts[boundaries.length] ?? 0;
  const leastBeyond = beyond * (boundaries.at(-1) ?? 0);
  // With values beyond the last bound there are many answers: the middle, where there is sum enough.
  const wanted = beyond > 0 ? Math.min(least + room / 2, sum - leastBeyond) : sum;
  return room === 0 ? 0 : Math.min(1, Math.max(0, (wanted - least) / room));
}
