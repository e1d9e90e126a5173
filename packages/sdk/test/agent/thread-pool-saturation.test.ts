import { expect, test } from 'vitest';
import { PoolSaturation } from '../../src/agent/thread-pool-saturation.ts';

/** The verdict after each of these waits. */
function verdicts(waits: readonly number[]): boolean[] {
  const saturation = new PoolSaturation();
  return waits.map((ms) => {
    saturation.waited(ms);
    return saturation.saturated;
  });
}

test('two waits in a row of 10 ms, and no single one, are too much', () => {
  expect(verdicts([0.3, 10, 0.3, 10, 10])).toEqual([false, false, false, false, true]);
});

test('one of 100 ms is enough', () => {
  expect(verdicts([99.9, 0.3, 100])).toEqual([false, false, true]);
});

test('a job that still waits counts by its age', () => {
  const saturation = new PoolSaturation();
  saturation.waiting(99);
  expect(saturation.saturated).toBe(false);
  saturation.waiting(100);
  expect(saturation.saturated).toBe(true);
  saturation.waiting(1);
  expect(saturation.saturated).toBe(true);
});

test('it ends with two in a row under 5 ms', () => {
  expect(verdicts([100, 4, 7, 4, 5, 4.9, 4.9])).toEqual([true, true, true, true, true, true, false]);
});
