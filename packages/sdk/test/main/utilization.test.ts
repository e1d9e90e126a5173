import { describe, expect, test } from 'vitest';
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

describe('what a loop usually does', () => {
  /** A loop that is told what it has done. */
  class ToldLoop {
    active = 0;
    idle = 0;
    readonly utilization = new Utilization(() => ({ active: this.active, idle: this.idle }));

    passes(active: number, idle: number): void {
      this.active += active;
      this.idle += idle;
    }

    interval(active: number, idle: number): void {
      this.passes(active, idle);
      this.utilization.rebase();
    }
  }

  test('is taken off what it was active before a stall', () => {
    const loop = new ToldLoop();
    loop.interval(5, 995);
    loop.passes(3, 597);
    loop.passes(80, 0);
    expect(loop.utilization.activeSinceBase()).toBeCloseTo(80, 9);
  });

  test('is told by the calmest interval: others may hold blocks', () => {
    const loop = new ToldLoop();
    loop.interval(45, 955);
    loop.interval(5, 995);
    loop.interval(200, 800);
    loop.passes(3, 597);
    loop.passes(80, 0);
    expect(loop.utilization.activeSinceBase()).toBeCloseTo(80, 9);
  });

  test('is forgotten in time', () => {
    const loop = new ToldLoop();
    loop.interval(0, 1_000);
    for (let interval = 0; interval < 4; interval += 1) {
      loop.interval(10, 990);
    }
    loop.passes(5, 495);
    loop.passes(80, 0);
    expect(loop.utilization.activeSinceBase()).toBeCloseTo(80, 9);
  });

  test('is not known before there was any idle time, nor of a busy loop', () => {
    const loop = new ToldLoop();
    loop.interval(1, 100);
    loop.passes(2, 300);
    loop.passes(80, 0);
    expect(loop.utilization.activeSinceBase()).toBe(82);
    const busy = new ToldLoop();
    busy.interval(250, 750);
    busy.passes(20, 60);
    busy.passes(80, 0);
    expect(busy.utilization.activeSinceBase()).toBe(100);
  });
});
