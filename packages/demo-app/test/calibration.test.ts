import { expect, test } from 'vitest';
import { sizeForDuration } from '../src/calibration.ts';

/** A clock that moves by what the work costs, and the sizes that were run. */
function costing(costMs: (size: number, run: number) => number) {
  let nowMs = 0;
  const sizes: number[] = [];
  const run = (size: number): void => {
    sizes.push(size);
    nowMs += costMs(size, sizes.length);
  };
  return { run, sizes, now: () => nowMs };
}

test('the size follows the rate of the work', () => {
  const { run, now } = costing((size) => size / 100);
  expect(sizeForDuration({ targetMs: 400, probeSize: 500, run, now })).toBe(40_000);
});

test('probes grow until they last long enough to be measured', () => {
  const { run, now, sizes } = costing((size) => size / 1_000);
  expect(sizeForDuration({ targetMs: 100, probeSize: 100, run, now })).toBe(100_000);
  expect(sizes).toEqual([100, 200, 400, 800, 1600, 3200, 3200, 3200, 3200, 3200]);
});

test('a probe that something else held up does not make the work too small', () => {
  const { run, now } = costing((size, turn) => (turn === 1 ? 90 : size / 100));
  expect(sizeForDuration({ targetMs: 400, probeSize: 500, run, now })).toBe(40_000);
});

test('the size is never under one', () => {
  const { run, now } = costing(() => 1_000);
  expect(sizeForDuration({ targetMs: 1, probeSize: 10, run, now })).toBe(1);
});
