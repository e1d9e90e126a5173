// The fine bins in which the agent keeps delays: log-spaced, each within one bucket of the exported
// histogram, and narrow enough (a tenth) that the middle of a bin stands for what lies in it.
import { delayBuckets } from '../../telemetry/catalogue/event-loop.ts';

/** Upper bounds of the exported buckets, in milliseconds. */
export const bucketBoundsMs: readonly number[] = delayBuckets.map((bound) => bound * 1000);

/**
 * A tick that is late by less counts as on time. On an idle loop it comes 0.1 to 0.2 ms after its
 * interval, which is the cost of waking up, and half a millisecond sooner or later on one that is not
 * idle, since libuv keeps whole milliseconds.
 */
export const leastLatenessMs = 0.5;

/** Above the last bound only stalls are found, which the watchdog dates. */
const beyondMs = [20_000, 40_000, 80_000, 160_000, 320_000, 640_000] as const;
const widestRatio = 1.11;
/** By how much the middle of a bin is wrong at most. */
export const binErrorShare: number = (widestRatio - 1) / 2;

/** Lower edges of all bins but the first, which begins at 0. Ascending. */
export const binEdgesMs: readonly number[] = [
  leastLatenessMs,
  Math.sqrt(leastLatenessMs),
  ...bucketBoundsMs.flatMap((bound, index) => split(bound, bucketBoundsMs[index + 1] ?? bound)),
  ...beyondMs,
];

function split(low: number, high: number): readonly number[] {
  const parts = Math.max(1, Math.ceil(Math.log(high / low) / Math.log(widestRatio)));
  // The first is the bound itself, to the bit.
  return Array.from({ length: parts }, (_, part) =>
    part === 0 ? low : low * (high / low) ** (part / parts),
  );
}

export const binCount: number = binEdgesMs.length + 1;

/** Which bin a delay belongs to. */
export function binOf(delayMs: number): number {
  let low = 0;
  let high = binEdgesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((binEdgesMs[middle] as number) <= delayMs) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Lower edge of a bin. */
export function lowEdge(bin: number): number {
  return binEdgesMs[bin - 1] ?? 0;
}

/** Upper edge of a bin; the last one has none. */
export function highEdge(bin: number): number {
  return binEdgesMs[bin] ?? Number.POSITIVE_INFINITY;
}

/** What stands for a tick of which only the bin is known. */
export function middleOf(bin: number): number {
  const high = highEdge(bin);
  return bin === 0 ? 0 : Number.isFinite(high) ? (lowEdge(bin) + high) / 2 : lowEdge(bin);
}

/** By bin: the exported bucket that it lies in. */
export const bucketOfBin: readonly number[] = Array.from(
  { length: binCount },
  (_, bin) => bucketBoundsMs.filter((bound) => bound <= lowEdge(bin)).length,
);
