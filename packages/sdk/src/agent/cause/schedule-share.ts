// How much of a stall its thread was on a CPU, and waited for one, from cumulative readings that were
// taken somewhat before, within and after it.
import type { Monotonic } from '../../shared/clock.ts';

/** A counter of milliseconds, as it was read at a moment. */
export interface CounterReading {
  readonly at: Monotonic;
  readonly ms: number;
}

/**
 * By how much the counter rose between `start` and `end`; undefined without two readings that reach
 * over some of it. It can't have risen faster than time passed, which bounds what is not known: how the
 * rise between the two readings around an edge is to be shared out. Within those bounds the rest of the
 * stall tells; where there are too few readings within it, whatever can belong to the stall does: a loop
 * is mostly idle outside of stalls.
 */
export function risenWithin(
  readings: readonly CounterReading[],
  start: Monotonic,
  end: Monotonic,
): number | undefined {
  const within = readings.filter(({ at }) => at >= start && at <= end);
  const before = readings.findLast(({ at }) => at < start);
  const after = readings.find(({ at }) => at > end);
  const points = [before, ...within, after].filter((each) => each !== undefined);
  if (points.length < 2) {
    return undefined;
  }
  const rate = rateWithin(within, end - start);
  let sum = 0;
  let last = start;
  for (const [index, point] of points.entries()) {
    const previous = points[index - 1];
    const until = Math.min(point.at, end);
    if (previous !== undefined && until > last) {
      sum += shareOf(previous, point, until - last, rate);
    }
    last = Math.max(last, until);
  }
  // What no reading bounds is as the rest.
  const unread =
    Math.max(0, end - last) + (before === undefined ? Math.max(0, (within[0]?.at ?? end) - start) : 0);
  return sum + (rate ?? 0) * unread;
}

/** By the readings within the stall, where they cover most of it. */
function rateWithin(within: readonly CounterReading[], length: number): number | undefined {
  const first = within[0];
  const last = within.at(-1);
  const covered = first && last ? last.at - first.at : 0;
  return first && last && covered >= length / 3 ? (last.ms - first.ms) / covered : undefined;
}

/** Of the rise between two readings, what belongs to a part of the time between them. */
function shareOf(
  before: CounterReading,
  after: CounterReading,
  part: number,
  rate: number | undefined,
): number {
  const risen = after.ms - before.ms;
  const least = Math.max(0, risen - (after.at - before.at - part));
  const most = Math.min(risen, part);
  return rate === undefined ? most : Math.min(most, Math.max(least, rate * part));
}
