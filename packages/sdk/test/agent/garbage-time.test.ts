import { describe, expect, test } from 'vitest';
import { GarbageTime } from '../../src/agent/garbage-time.ts';
import { SeededRandom } from '../support/seeded-random.ts';

function garbage(
  since: number,
  entries: readonly (readonly [at: number, durationMs: number])[],
): GarbageTime {
  const found = new GarbageTime(since);
  for (const [at, durationMs] of entries) {
    found.add({ at, durationMs });
  }
  return found;
}

test('the share is that of the last 15 s, an entry on its edge counting in part', () => {
  const found = garbage(0, [
    [1000, 100],
    [9_950, 100],
    [20_000, 1500],
    [24_900, 200],
  ]);
  expect(found.utilization(25_000)).toBeCloseTo((50 + 1500 + 100) / 15_000);
});

test('of a younger thread it is that of its life', () => {
  expect(garbage(1000, [[1500, 300]]).utilization(2000)).toBeCloseTo(0.3);
  expect(garbage(1000, []).utilization(2000)).toBe(0);
  expect(garbage(1000, []).utilization(1000)).toBeUndefined();
});

describe('a moment within several entries counts once', () => {
  test.each([
    [
      'nested, the inner told first',
      [
        [110, 10],
        [100, 50],
      ],
    ],
    [
      'nested, the outer told first',
      [
        [100, 50],
        [110, 10],
      ],
    ],
    [
      'overlapping',
      [
        [100, 30],
        [120, 30],
      ],
    ],
    [
      'one over many',
      [
        [100, 5],
        [110, 5],
        [120, 5],
        [100, 50],
      ],
    ],
    [
      'told out of order',
      [
        [130, 20],
        [100, 20],
        [120, 10],
      ],
    ],
    [
      'told twice',
      [
        [100, 50],
        [100, 50],
      ],
    ],
  ] as const)('%s', (_how, entries) => {
    expect(garbage(0, entries).utilization(1000)).toBeCloseTo(0.05);
  });
});

test('whatever comes in whatever order, each covered millisecond of the window counts once', () => {
  const random = new SeededRandom(7);
  const end = 40_000;
  const covered = new Set<number>();
  const found = new GarbageTime(0);
  for (let times = 0; times < 3000; times += 1) {
    const at = Math.floor(times * 13 + random.between(0, 200));
    const durationMs = Math.floor(random.between(0, 12));
    found.add({ at, durationMs });
    for (let ms = at; ms < at + durationMs; ms += 1) {
      if (ms >= end - 15_000 && ms < end) {
        covered.add(ms);
      }
    }
  }
  expect(found.utilization(end)).toBeCloseTo(covered.size / 15_000, 10);
});
