// What probes at each step of 10 ms have met, by the program's own account; and what a histogram says.
import { catalogue, type MetricDefinition } from '@loopscope/sdk/telemetry';

export interface Delays {
  readonly steps: number;
  /** In seconds. */
  readonly sum: number;
  /** By bucket, not accumulated. */
  readonly buckets: readonly number[];
}

const stepMs = 10;

const metrics: readonly MetricDefinition[] = catalogue;

export const bounds: readonly number[] =
  metrics.find(({ name }) => name === 'loopscope.eventloop.delay')?.buckets ?? [];

/** `held`: start and end of each time in which the loop was held, in order and apart, in milliseconds. */
export function probe(
  held: readonly (readonly [number, number])[],
  start: number,
  end: number,
): { readonly delays: Delays; readonly all: readonly number[] } {
  const all: number[] = [];
  let next = 0;
  for (let at = start; at < end; at += stepMs) {
    while ((held[next]?.[1] ?? Number.POSITIVE_INFINITY) <= at) {
      next += 1;
    }
    const [from, to] = held[next] ?? [Number.POSITIVE_INFINITY, 0];
    all.push(from <= at ? (to - at) / 1000 : 0);
  }
  const buckets = [...bounds, 0].map(() => 0);
  for (const delay of all) {
    const bucket = bucketOf(delay);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  const sum = all.reduce((total, each) => total + each, 0);
  return { delays: { steps: all.length, sum, buckets }, all: all.sort((a, b) => a - b) };
}

export function bucketOf(delay: number): number {
  const bucket = bounds.findIndex((bound) => delay <= bound);
  return bucket === -1 ? bounds.length : bucket;
}

/** The bucket in which a quantile lies. */
export function quantileBucket({ buckets, steps }: Delays, share: number): number {
  let below = 0;
  return buckets.findIndex((count) => {
    below += count;
    return below >= share * steps && below > 0;
  });
}

export function highestBucket({ buckets }: Delays): number {
  return buckets.findLastIndex((count) => count > 0);
}

export function describeBucket(bucket: number): string {
  const bound = bounds[bucket];
  return bound === undefined ? `> ${bounds.at(-1)}` : `<= ${bound}`;
}
