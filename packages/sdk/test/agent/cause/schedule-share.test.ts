import { describe, expect, test } from 'vitest';
import { risenWithin } from '../../../src/agent/cause/schedule-share.ts';

const readings = (...pairs: readonly (readonly [at: number, ms: number])[]): { at: number; ms: number }[] =>
  pairs.map(([at, ms]) => ({ at, ms }));

describe('what a counter rose by within a stall', () => {
  test('is read where readings stand at its edges', () => {
    expect(risenWithin(readings([0, 7], [100, 7], [500, 390]), 100, 500)).toBe(383);
  });

  test('is not known without two readings', () => {
    expect(risenWithin([], 100, 200)).toBeUndefined();
    expect(risenWithin(readings([150, 3]), 100, 200)).toBeUndefined();
  });

  test('is all of the rise that fits, where only the readings before and after are there', () => {
    // The agent slept as long: the loop was idle but for the stall.
    expect(risenWithin(readings([0, 0], [400, 100]), 200, 390)).toBe(100);
    expect(risenWithin(readings([0, 0], [400, 300]), 200, 390)).toBe(190);
  });

  test('at its edges is as in the rest, within what is possible', () => {
    // Busy before, asleep in the stall: nothing of the rise before is its own.
    const asleep = readings([0, 0], [150, 100], [400, 100], [410, 105]);
    expect(risenWithin(asleep, 100, 405)).toBe(0);
    // Idle before, busy in the stall.
    const busy = readings([0, 0], [150, 52], [400, 302], [410, 308]);
    expect(risenWithin(busy, 100, 405)).toBe(50 + 250 + 5);
  });

  test('never rises faster than time passes, nor falls', () => {
    const all = readings([0, 0], [90, 80], [150, 130], [400, 380], [430, 385]);
    const risen = risenWithin(all, 100, 410) ?? -1;
    expect(risen).toBeGreaterThanOrEqual(250);
    expect(risen).toBeLessThanOrEqual(310);
  });

  test('goes on as it was where the last reading is older than the present', () => {
    expect(risenWithin(readings([0, 0], [100, 0], [200, 50]), 100, 220)).toBe(60);
  });
});
