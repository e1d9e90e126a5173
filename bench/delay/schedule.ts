// How the loop is held: seeded, so that a run can be repeated.
import { SeededRandom } from '../../packages/sdk/test/support/seeded-random.ts';

export interface Schedule {
  readonly name: string;
  /** What the blocks are in. */
  readonly from: 'timers' | 'requests' | 'nothing';
  /** The share of time in which the loop is to be held; 1 has no pauses. */
  readonly load: number;
  readonly longestMs: number;
  /** Whether it has a bar: not where a window of this length holds too few ticks to tell. */
  readonly barred: boolean;
}

export interface Block {
  readonly pauseMs: number;
  readonly lengthMs: number;
}

const shortestMs = 1;

export const schedules: readonly Schedule[] = [
  { name: 'idle', from: 'nothing', load: 0, longestMs: 0, barred: true },
  { name: 'timers, light', from: 'timers', load: 0.1, longestMs: 2000, barred: true },
  { name: 'timers, half', from: 'timers', load: 0.5, longestMs: 2000, barred: true },
  { name: 'timers, saturated', from: 'timers', load: 1, longestMs: 2000, barred: true },
  { name: 'requests, light', from: 'requests', load: 0.1, longestMs: 2000, barred: true },
  { name: 'requests, half', from: 'requests', load: 0.5, longestMs: 2000, barred: true },
  { name: 'requests, saturated', from: 'requests', load: 1, longestMs: 2000, barred: true },
  { name: 'requests, under 20 ms', from: 'requests', load: 0.5, longestMs: 20, barred: false },
];

/** Blocks of log-uniform length, with pauses that look random and make up the load. */
export function planBlocks(
  { load, longestMs }: Schedule,
  seed: number,
  durationMs: number,
): readonly Block[] {
  const random = new SeededRandom(seed);
  const blocks: Block[] = [];
  let totalMs = 0;
  while (totalMs < durationMs) {
    const lengthMs = shortestMs * (longestMs / shortestMs) ** random.next();
    // Not memoryless: a light load would be all luck in so short a time.
    const pauseMs = load < 1 ? lengthMs * (1 / load - 1) * random.between(0.5, 1.5) : 0;
    blocks.push({ lengthMs, pauseMs });
    totalMs += lengthMs + pauseMs;
  }
  return blocks;
}
