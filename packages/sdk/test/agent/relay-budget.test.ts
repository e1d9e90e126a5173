import { expect, test } from 'vitest';
import { RelayBudget } from '../../src/agent/relay-budget.ts';

/** When one is taken, if it is asked for at each of these milliseconds. */
function taken(from: number, until: number, budget: RelayBudget = new RelayBudget()): number[] {
  return Array.from({ length: until - from }, (_, index) => from + index).filter((now) => budget.take(now));
}

test('a few may come at once, but never one within 20 ms of another', () => {
  expect(taken(0, 100)).toEqual([0, 20, 40, 60, 80]);
});

test('in the long run there are five in a second, which is less than half a percent of main', () => {
  const inTenMinutes = taken(0, 600_000).length;
  expect(inTenMinutes).toBeGreaterThan(2990);
  expect(inTenMinutes).toBeLessThanOrEqual(3005);
});

test('what is not used is not saved up beyond a few', () => {
  const budget = new RelayBudget();
  taken(0, 1000, budget);
  expect(taken(100_000, 100_190, budget)).toHaveLength(5);
});
