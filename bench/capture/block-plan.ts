// Which blocks are made: kinds in turn, with durations and pauses that look random and are the same in
// each run.
import { seededRandom } from '../harness/seeded-random.ts';

export interface PlannedBlock {
  readonly kind: string;
  readonly durationMs: number;
  /** How long the loop is idle before it. */
  readonly pauseMs: number;
}

/** As in programs/blocking-kinds.mjs. */
const kinds = [
  'cpu-loop',
  'regular-expression',
  'sort-comparator',
  'deep-recursion',
  'atomics-wait',
  'next-tick',
  'promise',
] as const;

export function planBlocks(count: number): readonly PlannedBlock[] {
  const random = seededRandom(20_261_122);
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? kinds[0];
    const durationMs = Math.round(250 + random() * 350);
    return { kind, durationMs, pauseMs: Math.round(120 + random() * 400) };
  });
}
