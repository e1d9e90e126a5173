import { expect, test } from 'vitest';
import { bounds, highestBucket, probe, quantileBucket } from '../../../bench/delay/delays.ts';
import { planBlocks, schedules } from '../../../bench/delay/schedule.ts';

test('a probe at each step meets what is left of the time in which the loop is held', () => {
  const { delays, all } = probe(
    [
      [995, 1031],
      [1100, 1105],
    ],
    1000,
    1200,
  );
  expect(all.filter((delay) => delay > 0)).toEqual([0.001, 0.005, 0.011, 0.021, 0.031].map(closeTo));
  expect(delays.steps).toBe(20);
  expect(delays.sum).toBeCloseTo(0.069);
  expect(delays.buckets.slice(0, 7)).toEqual([16, 0, 1, 0, 2, 1, 0]);
});

function closeTo(value: number): unknown {
  return expect.closeTo(value, 9);
}

test('quantiles lie in the bucket that holds their rank', () => {
  const buckets = [...bounds, 0].map(() => 0);
  const delays = { steps: 100, sum: 0, buckets: buckets.with(0, 60).with(4, 39).with(9, 1) };
  expect([0.5, 0.6, 0.61, 0.99, 1].map((share) => quantileBucket(delays, share))).toEqual([0, 0, 4, 4, 9]);
  expect(highestBucket(delays)).toBe(9);
});

test.each(schedules.filter(({ from }) => from !== 'nothing'))(
  'the blocks of "$name" make up its load',
  (schedule) => {
    const plan = planBlocks(schedule, 1, 1_000_000);
    const held = plan.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
    const all = plan.reduce((sum, { lengthMs, pauseMs }) => sum + lengthMs + pauseMs, 0);
    expect(held / all).toBeCloseTo(schedule.load, 1);
    expect(Math.max(...plan.map(({ lengthMs }) => lengthMs))).toBeLessThanOrEqual(schedule.longestMs);
    expect(plan).toEqual(planBlocks(schedule, 1, 1_000_000));
  },
);
