import { expect, test } from 'vitest';
import { Utilization } from '../../src/main/utilization.ts';
import { monotonicNow } from '../../src/shared/clock.ts';

function spin(ms: number): void {
  const end = monotonicNow() + ms;
  while (monotonicNow() < end) {
    // Busy.
  }
}

test('the time since the base is that of the block in hand', () => {
  const utilization = new Utilization();
  const start = monotonicNow();
  utilization.rebase();
  spin(30);
  const activeMs = utilization.activeSinceBase();
  expect(activeMs).toBeGreaterThanOrEqual(29.9);
  expect(activeMs).toBeLessThan(monotonicNow() - start + 0.1);
});

test('reading it is not a new base; a new base forgets what was before', () => {
  const utilization = new Utilization();
  utilization.rebase();
  spin(10);
  const first = utilization.activeSinceBase();
  spin(10);
  expect(utilization.activeSinceBase()).toBeGreaterThan(first + 9.9);
  const start = monotonicNow();
  utilization.rebase();
  expect(utilization.activeSinceBase()).toBeLessThan(monotonicNow() - start + 0.1);
});

test('before the first base it is the time since the start, and what is read never falls', () => {
  const utilization = new Utilization();
  expect(utilization.activeSinceBase()).toBeGreaterThan(0);
  const before = utilization.rebase();
  spin(5);
  const after = utilization.rebase();
  expect(after.active).toBeGreaterThan(before.active);
  expect(after.idle).toBeGreaterThanOrEqual(before.idle);
});
