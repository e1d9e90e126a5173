import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { monotonicNow, wallTimeAt } from '../../src/shared/clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('the clock never goes back', () => {
  const moments = Array.from({ length: 1000 }, monotonicNow);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
});

test('every thread reads the same clock', async () => {
  const clock = new URL('../../src/shared/clock.ts', import.meta.url).href;
  const code = `
    import { parentPort } from 'node:worker_threads';
    import { monotonicNow } from ${JSON.stringify(clock)};
    parentPort.postMessage(monotonicNow());
  `;
  const before = monotonicNow();
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const [there] = (await once(worker, 'message')) as [number];
  expect(there).toBeGreaterThan(before);
  expect(there).toBeLessThan(monotonicNow());
});

test('a moment is shown by the wall clock', () => {
  const moment = monotonicNow();
  const before = Date.now();
  const shown = wallTimeAt(moment);
  const after = Date.now();
  expect(shown).toBeGreaterThan(before - 5);
  expect(shown).toBeLessThan(after + 1);
  expect(wallTimeAt(moment - 60_000)).toBeLessThan(before - 59_000);
});

test("an application's fake timers change nothing", () => {
  const before = monotonicNow();
  const wallBefore = Date.now();
  vi.useFakeTimers({ now: 0 });
  expect(Date.now()).toBe(0);
  expect(monotonicNow()).toBeGreaterThan(before);
  expect(wallTimeAt(monotonicNow())).toBeGreaterThan(wallBefore - 5);
});
