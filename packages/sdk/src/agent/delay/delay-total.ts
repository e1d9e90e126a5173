// The cumulative histogram as it is exported: whole counts that never fall, whatever better evidence
// finds. A stall in progress is in it as if it ended now. Nothing of that is ever taken back: in a block
// the delays lie evenly between 0 and its length, so that a longer one has all of a shorter one's delays
// and more beside them.
import { blockedSteps, type DelayDistribution } from './delay-distribution.ts';
import { bucketBoundsMs } from './lateness-bins.ts';

export interface DelayHistogram {
  /** By bucket, not accumulated; the last is above all bounds. */
  readonly counts: readonly number[];
  readonly sumMs: number;
}

export class DelayTotal {
  #counts: readonly number[] = bucketBoundsMs.concat(0).map(() => 0);
  #sumMs = 0;

  /** `closed`: all that is over. `blockedMs`: age of the stall in progress, 0 where there is none. */
  show(closed: DelayDistribution, blockedMs: number): DelayHistogram {
    const buckets = closed.buckets().map(({ steps, sumMs }, index) => {
      const low = bucketBoundsMs[index - 1] ?? 0;
      const open = blockedSteps(blockedMs, low, bucketBoundsMs[index] ?? Number.POSITIVE_INFINITY);
      return { steps: steps + open.steps, sumMs: sumMs + open.sumMs };
    });
    this.#counts = buckets.map(({ steps }, index) => Math.max(this.#counts[index] ?? 0, whole(steps)));
    // A step that is not whole yet is in the sum neither, so that each sum fits its counts.
    const sumMs = buckets.reduce(
      (total, bucket) => total + (bucket.steps > 0 ? (bucket.sumMs / bucket.steps) * whole(bucket.steps) : 0),
      0,
    );
    this.#sumMs = Math.max(this.#sumMs, sumMs);
    return { counts: this.#counts, sumMs: this.#sumMs };
  }
}

/** Quarters and tenths add up to a whole with a rounding error. */
function whole(steps: number): number {
  return Math.floor(steps + 1e-6);
}
