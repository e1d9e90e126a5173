import { expect, test } from 'vitest';
import { SeededRandom } from '../../../sdk/test/support/seeded-random.ts';
import { RateWindow } from '../../src/alerts/rate-window.ts';

test('there is no rate before a whole window has passed', () => {
  const window = new RateWindow(10_000);
  const rates = [0, 5000, 9999, 10_000, 11_000].map((now) => window.add(now, now / 100));
  expect(rates).toEqual([undefined, undefined, undefined, 10, 10]);
});

test('a counter that starts anew is seen from its start', () => {
  const window = new RateWindow(1000);
  window.add(0, 500);
  expect(window.add(1000, 600)).toBe(100);
  expect(window.add(2000, 3)).toBeUndefined();
  expect(window.add(3000, 5)).toBe(2);
});

test.each([1, 2, 3, 4, 5])('the rate is that of the last window, or little more: seed %i', (seed) => {
  const random = new SeededRandom(seed);
  const windowMs = random.integer(1000, 600_000);
  const window = new RateWindow(windowMs);
  const seen: { at: number; value: number }[] = [];
  let at = 0;
  let value = 0;
  for (let turn = 0; turn < 2000; turn += 1) {
    at += random.integer(900, 1100);
    value += random.chance(0.2) ? random.integer(0, 1000) : 0;
    seen.push({ at, value });
    const rate = window.add(at, value);
    // Its base is a point that was seen, at least a window old and at most a step of the window older.
    const bases = seen.filter((each) => {
      const age = at - each.at;
      return age >= windowMs && age <= windowMs + windowMs / 60 + 2200;
    });
    if (rate === undefined) {
      expect(at - (seen[0]?.at ?? 0)).toBeLessThan(windowMs);
    } else {
      const rates = bases.map((base) => ((value - base.value) * 1000) / (at - base.at));
      expect(rates).toContain(rate);
    }
  }
});
