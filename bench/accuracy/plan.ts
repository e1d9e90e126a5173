// Which blocks are made: every kind as often as every other, in an order, with durations and pauses that
// look random and are the same in each run.
import { seededRandom } from '../harness/seeded-random.ts';
import { kinds } from './kinds.ts';

/** One step of program/schedule.mjs. */
export interface Step {
  readonly kind: string;
  readonly durationMs: number;
  /** For how long nothing is done before it. */
  readonly gapMs?: number;
}

const shortestMs = 20;
const longestMs = 2_000;
const leastGapMs = 80;
const mostGapMs = 320;

/** Durations are spread evenly over their logarithm: as many from 20 to 65 ms as from 200 to 650. */
export function planBlocks(count: number, seed: number): readonly Step[] {
  const random = seededRandom(seed);
  let left: (typeof kinds)[number][] = [];
  return Array.from({ length: count }, () => {
    left = left.length === 0 ? [...kinds] : left;
    const [kind] = left.splice(Math.floor(random() * left.length), 1);
    const durationMs = shortestMs * (longestMs / shortestMs) ** random();
    return {
      kind: kind?.name ?? '',
      durationMs: Math.round(Math.min(durationMs, kind?.mostMs ?? longestMs)),
      gapMs: Math.round(leastGapMs + random() * (mostGapMs - leastGapMs)),
    };
  });
}
