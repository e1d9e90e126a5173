import { describe, expect, test } from 'vitest';
import { Budget } from '../../src/main/budget.ts';
import type { LimitedFeature } from '../../src/shared/own-time.ts';

/** Seconds go by, in each of which we take so many milliseconds. */
function live(share: number, inUse: readonly LimitedFeature[]) {
  const told: [feature: LimitedFeature | undefined, share: number, second: number][] = [];
  const on = new Set(inUse);
  let second = 0;
  let spentMs = 0;
  const budget = new Budget({
    share,
    steps: (['profile', 'tasks', 'request'] as const).map((feature) => ({
      feature,
      inUse: () => on.has(feature),
      switchOff: () => on.delete(feature),
    })),
    limited: (feature, taken) => told.push([feature, Math.round(taken * 1e4) / 1e4, second]),
  });
  const pass = (seconds: number, ms: number | (() => number)): void => {
    for (let passed = 0; passed < seconds; passed += 1) {
      second += 1;
      spentMs += typeof ms === 'number' ? ms : ms();
      budget.sampled(second * 1000, spentMs);
    }
  };
  return { told, on, budget, pass };
}

describe('the budget', () => {
  test('lets everything be that stays in it', () => {
    const { told, on, pass } = live(0.01, ['profile', 'tasks', 'request']);
    pass(600, 9.9);
    expect([told, on.size]).toEqual([[], 3]);
  });

  test('is over ten seconds: what one second takes is none of its business', () => {
    const { told, pass } = live(0.01, ['profile']);
    pass(30, 2);
    pass(1, 60);
    pass(30, 2);
    expect(told).toEqual([]);
  });

  test('switches features off one by one in their order, and each once', () => {
    const { told, budget, pass } = live(0.01, ['profile', 'tasks', 'request']);
    pass(200, 15);
    expect(told.map(([feature]) => feature)).toEqual(['profile', 'tasks', 'request', undefined]);
    expect(budget.off).toEqual(['profile', 'tasks', 'request']);
    expect(told.map(([, share]) => share)).toEqual([0.015, 0.015, 0.015, 0.015]);
  });

  test('waits after each, so that what it changed is seen', () => {
    const { told, pass } = live(0.01, ['profile', 'tasks', 'request']);
    pass(200, 15);
    const seconds = told.map(([, , second]) => second);
    for (const [index, second] of seconds.slice(1).entries()) {
      expect(second - (seconds[index] ?? 0)).toBeGreaterThanOrEqual(20);
    }
  });

  test('stops where enough is off', () => {
    const { told, on, pass } = live(0.01, ['profile', 'tasks', 'request']);
    pass(200, () => (on.has('profile') ? 8 : 0) + (on.has('tasks') ? 5 : 0) + 2);
    expect(told.map(([feature]) => feature)).toEqual(['profile']);
  });

  test('passes over what is not in use', () => {
    const { told, pass } = live(0.01, ['request']);
    pass(200, 15);
    expect(told.map(([feature]) => feature)).toEqual(['request', undefined]);
  });
});
