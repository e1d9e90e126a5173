// The delays that a probe at each step of 10 ms would have met, as far as they are known: how many
// steps had which delay. A step may count in part, since what is known are densities.
//
// Two kinds of evidence:
// - A block of known length B held up B/10 steps; their delays are spread evenly from 0 to B, and their
//   sum is B²/20.
// - A heartbeat's tick that is late by L says nothing of the time before it was due, so its block's
//   length is not known. On a loop that is mostly free, blocks meet the ticks by chance: had there been one
//   at each interval h, those due 0, h, 2h ... after this one would have been late by L, L-h, L-2h ..., each in the
//   stead of h/10 steps. That gives B/10 steps and B²/20 for a block again, on average. On a busy loop the
//   next block begins as soon as the tick has come, so that what lies before the next one was due is
//   held too, and never probed: there the tick stands for h/10 steps of L, and for those within L. Either is
//   right at its end (by 1 % where lengths are random); between, the square of the busy share weighs them.
import {
  binCount,
  binOf,
  bucketBoundsMs,
  bucketOfBin,
  highEdge,
  leastLatenessMs,
  lowEdge,
} from './lateness-bins.ts';

/** The probe's interval, whatever the heartbeat's. */
export const referenceStepMs = 10;

/** Steps of a block whose delay lies between two bounds, and the sum of their delays. */
export function blockedSteps(
  lengthMs: number,
  lowMs: number,
  highMs: number,
): { readonly steps: number; readonly sumMs: number } {
  const high = Math.min(lengthMs, highMs);
  return high <= lowMs
    ? { steps: 0, sumMs: 0 }
    : { steps: (high - lowMs) / referenceStepMs, sumMs: (high ** 2 - lowMs ** 2) / (2 * referenceStepMs) };
}

export interface LateTicksFacts {
  readonly ticks: number;
  readonly heartbeatMs: number;
  readonly busyShare: number;
}

export class DelayDistribution {
  /** By bin. */
  readonly #steps = new Float64Array(binCount);
  /** By bin, in milliseconds. */
  readonly #sums = new Float64Array(binCount);
  /** Of all delays: the sum of their squares. */
  #squares = 0;
  #maxMs = 0;
  #heldMs = 0;

  /** Time in which a probe would have had to wait, in milliseconds: half of a millisecond at least. */
  get heldMs(): number {
    return this.#heldMs;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** Time without any delay. */
  addOnTime(ms: number): void {
    this.#steps[0] = (this.#steps[0] as number) + Math.max(0, ms) / referenceStepMs;
  }

  /** A block whose start and end are known. */
  addBlock(lengthMs: number): void {
    this.#addSpread(lengthMs, 1);
  }

  /** Ticks that were late by so much each. `busyShare`: of the time between stalls, 0 to 1. */
  addLateTicks(latenessMs: number, { ticks, heartbeatMs, busyShare }: LateTicksFacts): void {
    const busy = busyShare ** 2 * ticks;
    this.#addEqual(latenessMs, busy * heartbeatMs);
    this.#addSpread(latenessMs, busy);
    for (let delayMs = latenessMs; delayMs >= 0; delayMs -= heartbeatMs) {
      this.#addEqual(delayMs, (ticks - busy) * heartbeatMs);
    }
  }

  /** So much time at whose steps the delay was the same. */
  #addEqual(delayMs: number, ms: number): void {
    const steps = ms / referenceStepMs;
    this.#add(binOf(delayMs), steps, steps * delayMs);
    this.#squares += steps * delayMs ** 2;
    this.#maxMs = Math.max(this.#maxMs, delayMs);
    this.#heldMs += delayMs >= leastLatenessMs ? ms : 0;
  }

  /** So many times all delays from 0 to this one, evenly. */
  #addSpread(lengthMs: number, times: number): void {
    for (let bin = 0; bin < binCount && lowEdge(bin) < lengthMs; bin += 1) {
      const { steps, sumMs } = blockedSteps(lengthMs, lowEdge(bin), highEdge(bin));
      this.#add(bin, times * steps, times * sumMs);
    }
    this.#squares += (times * lengthMs ** 3) / (3 * referenceStepMs);
    this.#maxMs = Math.max(this.#maxMs, lengthMs);
    this.#heldMs += times * lengthMs;
  }

  addAll(other: DelayDistribution): void {
    for (let bin = 0; bin < binCount; bin += 1) {
      this.#add(bin, other.#steps[bin] as number, other.#sums[bin] as number);
    }
    this.#squares += other.#squares;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
    this.#heldMs += other.#heldMs;
  }

  #add(bin: number, steps: number, sumMs: number): void {
    this.#steps[bin] = (this.#steps[bin] as number) + steps;
    this.#sums[bin] = (this.#sums[bin] as number) + sumMs;
  }

  /** By exported bucket. */
  buckets(): readonly { readonly steps: number; readonly sumMs: number }[] {
    const buckets = Array.from({ length: bucketBoundsMs.length + 1 }, () => ({ steps: 0, sumMs: 0 }));
    for (let bin = 0; bin < binCount; bin += 1) {
      const bucket = buckets[bucketOfBin[bin] as number] as { steps: number; sumMs: number };
      bucket.steps += this.#steps[bin] as number;
      bucket.sumMs += this.#sums[bin] as number;
    }
    return buckets;
  }

  /** Undefined where nothing is known. All in milliseconds. */
  summary(): DelaySummary | undefined {
    const steps = sum(this.#steps);
    if (steps <= 0) {
      return undefined;
    }
    const meanMs = sum(this.#sums) / steps;
    return {
      minMs: lowEdge(this.#steps.findIndex((each) => each > 0)),
      maxMs: this.#maxMs,
      meanMs,
      stddevMs: Math.sqrt(Math.max(0, this.#squares / steps - meanMs ** 2)),
      p50Ms: this.#quantile(0.5 * steps),
      p90Ms: this.#quantile(0.9 * steps),
      p99Ms: this.#quantile(0.99 * steps),
    };
  }

  /** The delay under which so many steps lie; within a bin they are taken to be spread evenly. */
  #quantile(rank: number): number {
    let below = 0;
    for (let bin = 0; bin < binCount; bin += 1) {
      const steps = this.#steps[bin] as number;
      if (steps > 0 && below + steps >= rank) {
        const low = lowEdge(bin);
        const high = Math.min(highEdge(bin), Math.max(this.#maxMs, low));
        // Those of the first bin are on time, for all that a heartbeat tells.
        const share = bin === 0 ? 0 : (rank - below) / steps;
        return low + (high - low) * share;
      }
      below += steps;
    }
    return this.#maxMs;
  }
}

export interface DelaySummary {
  readonly minMs: number;
  readonly maxMs: number;
  readonly meanMs: number;
  readonly stddevMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
