// Properties that hold in any life of a loop: blocks, suspensions and reads in any order.
import { describe, expect, test } from 'vitest';
import { bucketBoundsMs } from '../../../src/agent/delay/lateness-bins.ts';
import type { LoopOptions } from '../simulated-loop.ts';
import { liveThrough, type Shown, type SimulatedDelay, trueDelays } from './simulated-delay.ts';

const options: LoopOptions = {
  thresholdMs: 100,
  heartbeatMs: 25,
  blocks: 60,
  nativeShare: 0.3,
  busyShare: 0.1,
  suspensions: 6,
};
const seeds = Array.from({ length: 12 }, (_, seed) => seed);
const countOf = ({ counts }: Shown): number => counts.reduce((sum, each) => sum + each, 0);

describe.each(seeds)('a life of blocks, suspensions and reads: seed %i', (seed) => {
  // Lived in the first test that asks for it.
  let life: SimulatedDelay | undefined;
  const shownIn = (): readonly Shown[] => {
    life ??= liveThrough(seed, options, 0.2);
    return life.shown;
  };

  test('no count and no sum ever falls, and counts are whole', () => {
    const shown = shownIn();
    expect(shown.length).toBeGreaterThan(100);
    for (const [index, { counts, sumMs }] of shown.entries()) {
      const before = shown[index - 1];
      expect(sumMs).toBeGreaterThanOrEqual(before?.sumMs ?? 0);
      counts.forEach((count, bucket) => {
        expect(Number.isSafeInteger(count)).toBe(true);
        expect(count).toBeGreaterThanOrEqual(before?.counts[bucket] ?? 0);
      });
    }
  });

  test('the sum is one that the counts can have', () => {
    for (const { counts, sumMs } of shownIn()) {
      const least = counts.reduce((sum, count, bucket) => sum + count * (bucketBoundsMs[bucket - 1] ?? 0), 0);
      const most = counts.reduce(
        (sum, count, bucket) =>
          sum + (count === 0 ? 0 : count * (bucketBoundsMs[bucket] ?? Number.POSITIVE_INFINITY)),
        0,
      );
      expect(sumMs).toBeGreaterThanOrEqual(least - 1e-6);
      expect(sumMs).toBeLessThanOrEqual(most + 1e-6);
    }
  });

  test('the gauges are in order', () => {
    const windows = shownIn()
      .map(({ window }) => window)
      .filter((window) => window !== undefined);
    expect(windows.length).toBeGreaterThan(100);
    for (const { minMs, p50Ms, p90Ms, p99Ms, maxMs, meanMs, stddevMs, heldMs } of windows) {
      const ordered = [0, minMs, p50Ms, p90Ms, p99Ms, maxMs];
      expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
      expect(meanMs).toBeGreaterThanOrEqual(minMs);
      expect(meanMs).toBeLessThanOrEqual(maxMs);
      expect(stddevMs).toBeGreaterThanOrEqual(0);
      expect(heldMs).toBeGreaterThanOrEqual(0);
    }
  });
});

test.each(seeds.slice(0, 4))('what is counted does not depend on who reads when: seed %i', (seed) => {
  const last = (life: SimulatedDelay): Shown => life.shown.at(-1) as Shown;
  const often = last(liveThrough(seed, options, 0.9));
  const once = last(liveThrough(seed, options, 0));
  // Each read may show a stall that turns out a little shorter, and what was shown stays.
  expect(often.sumMs / once.sumMs).toBeLessThan(1.01);
  expect(often.sumMs).toBeGreaterThanOrEqual(once.sumMs - 1e-6);
});

describe('over many lives the delay is the true one', () => {
  test.each([0, 0.1, 0.5])('on a loop that is active for a share of %d between its blocks', (busyShare) => {
    const lives = seeds.map((seed) => liveThrough(seed + 100, { ...options, suspensions: 0, busyShare }, 0));
    expect(
      ratio(
        lives,
        ({ sumMs }) => sumMs,
        (truth) => truth.sumMs,
      ),
    ).toBeCloseTo(1, 1);
    expect(ratio(lives, countOf, (truth) => truth.steps)).toBeCloseTo(1, 1);
  });

  test('and suspensions are no part of it', () => {
    const lives = seeds.map((seed) => liveThrough(seed + 200, options, 0));
    expect(
      ratio(
        lives,
        ({ sumMs }) => sumMs,
        (truth) => truth.sumMs,
      ),
    ).toBeCloseTo(1, 1);
    expect(lives.reduce((sum, { suspendedMs }) => sum + suspendedMs, 0)).toBeGreaterThan(60_000);
  });
});

function ratio(
  lives: readonly SimulatedDelay[],
  found: (shown: Shown) => number,
  truth: (truth: ReturnType<typeof trueDelays>) => number,
): number {
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
  return (
    sum(lives.map(({ shown }) => found(shown.at(-1) as Shown))) /
    sum(lives.map(({ loop }) => truth(trueDelays(loop))))
  );
}
