import { describe, expect, test } from 'vitest';
import { type LeakEvidence, LeakSeries } from '../../../src/agent/leaks/leak-series.ts';
import { LeakSuspect } from '../../../src/agent/leaks/leak-suspect.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

const windowMs = 60_000;
const minute = 60;

interface Service {
  /** Of a count at a second. */
  readonly value: (second: number) => number;
  /** Operations started by a second; steady where absent. */
  readonly operations?: (second: number) => number;
  /** Seconds from one major collection to the next; 45 where absent. */
  readonly collectionEvery?: number;
}

/** The second at which a service is first suspected, and on what evidence. */
function firstSuspicion(
  { value, operations = (second) => second * 1000, collectionEvery = 45 }: Service,
  seconds: number,
): { second: number; evidence: LeakEvidence } | undefined {
  const suspect = new LeakSuspect(windowMs);
  for (let second = 0; second < seconds; second += 1) {
    suspect.add({
      at: second * 1000,
      value: Math.max(0, Math.round(value(second))),
      collections: Math.floor(second / collectionEvery),
      operations: operations(second),
    });
    if (suspect.evidence !== undefined) {
      return { second, evidence: suspect.evidence };
    }
  }
  return undefined;
}

const noise = (seed: number): ((amplitude: number) => number) => {
  const random = new SeededRandom(seed);
  return (amplitude) => random.between(-amplitude, amplitude);
};

describe('is suspected', () => {
  test('a leak of one a second, within a quarter of an hour, with what it rests on', () => {
    const found = firstSuspicion({ value: (second) => 50 + second }, 30 * minute) ?? expect.fail('it is not');
    expect(found.second).toBeLessThanOrEqual(15 * minute);
    expect(found.evidence).toEqual({
      from: 350,
      to: 710,
      rises: 6,
      windowSeconds: 60,
      collections: expect.any(Number),
      perMinute: 60,
    });
    expect(found.evidence.collections).toBeGreaterThanOrEqual(2);
  });

  test.each([1, 2, 3, 4, 5])('a leak under the noise of the load: seed %i', (seed) => {
    const random = noise(seed);
    const value = (second: number): number => 300 + random(100) + second * 0.5;
    expect(firstSuspicion({ value }, 60 * minute)).toBeDefined();
  });

  test('a slow leak of two a minute under noise, over longer windows', () => {
    const random = noise(7);
    const value = (second: number): number => 300 + random(200) + second / 30;
    const found = firstSuspicion({ value }, 300 * minute) ?? expect.fail('it is not');
    expect(found.evidence.windowSeconds).toBe(600);
    expect(found.second).toBeLessThan(150 * minute);
  });

  test('a leak within a sawtooth, by its lowest values', () => {
    const value = (second: number): number => second * 0.6 + ((second * 7) % 50) * 10;
    expect(firstSuspicion({ value }, 30 * minute)).toBeDefined();
  });

  test('a leak that outgrows a growing load', () => {
    const operations = (second: number): number => second * 1000 + second ** 2 / 10;
    expect(firstSuspicion({ value: (second) => 50 + second, operations }, 60 * minute)).toBeDefined();
  });
});

describe('is not suspected', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('a steady service, for a day: seed %i', (seed) => {
    const random = noise(seed);
    expect(firstSuspicion({ value: () => 2000 + random(300) }, 24 * 60 * minute)).toBeUndefined();
  });

  test.each([10, 100, 400, 700])('a sawtooth of %i s', (period) => {
    const value = (second: number): number => 100 + ((second % period) / period) * 5000;
    expect(firstSuspicion({ value }, 12 * 60 * minute)).toBeUndefined();
  });

  test('what only a rare collection takes away', () => {
    const value = (second: number): number => 100 + (second % 3000) * 5;
    expect(firstSuspicion({ value, collectionEvery: 3000 }, 12 * 60 * minute)).toBeUndefined();
  });

  test('a service that starts, fills its pools, and stays', () => {
    const value = (second: number): number => 1000 * (1 - Math.exp(-second / 240));
    expect(firstSuspicion({ value }, 6 * 60 * minute)).toBeUndefined();
  });

  test('a service whose load ramps up over ten minutes, and its sockets with it', () => {
    const share = (second: number): number => Math.min(1, second / (10 * minute));
    const random = noise(3);
    let operations = 0;
    const service = {
      value: (second: number) => 3000 * share(second) + random(20),
      operations: (second: number) => (operations += 2000 * share(second)),
    };
    expect(firstSuspicion(service, 6 * 60 * minute)).toBeUndefined();
  });

  test('growth that stops after two minutes', () => {
    const value = (second: number): number => 100 + Math.min(second, 240) * 10;
    expect(firstSuspicion({ value }, 6 * 60 * minute)).toBeUndefined();
  });

  test('growth that no collection has had a chance to undo', () => {
    const service = { value: (second: number) => second, collectionEvery: 100_000 };
    expect(firstSuspicion(service, 60 * minute)).toBeUndefined();
  });

  test('growth of less than a hundred, or of less than a tenth', () => {
    expect(firstSuspicion({ value: (second) => second / 100 }, 60 * minute)).toBeUndefined();
    expect(firstSuspicion({ value: (second) => 100_000 + second }, 60 * minute)).toBeUndefined();
  });

  test.each([1, 2, 3])('the tide of a day: seed %i', (seed) => {
    const random = noise(seed);
    let operations = 0;
    const tide = (second: number): number => 1 + 0.8 * Math.sin((second / (24 * 60 * minute)) * 2 * Math.PI);
    const service = {
      value: (second: number) => 800 * tide(second) + random(40),
      operations: (second: number) => (operations += 1500 * tide(second)),
    };
    expect(firstSuspicion(service, 24 * 60 * minute)).toBeUndefined();
  });
});

describe('a suspicion', () => {
  function suspected(): { suspect: LeakSuspect; second: number; add: (value: number) => void } {
    const suspect = new LeakSuspect(windowMs);
    const state = {
      suspect,
      second: 0,
      add: (value: number) => {
        const at = state.second * 1000;
        suspect.add({ at, value, collections: Math.floor(state.second / 30), operations: state.second });
        state.second += 1;
      },
    };
    while (suspect.evidence === undefined) {
      state.add(50 + state.second);
    }
    return state;
  }

  test('stays for a while when the growth has stopped, and ends', () => {
    const { suspect, add } = suspected();
    const value = 50 + 10 * minute;
    for (let second = 0; second < 8 * minute; second += 1) {
      add(value);
    }
    expect(suspect.evidence).toBeDefined();
    for (let second = 0; second < 5 * minute; second += 1) {
      add(value);
    }
    expect(suspect.evidence).toBeUndefined();
  });

  test('ends when the count falls back', () => {
    const { suspect, add } = suspected();
    for (let second = 0; second < 3 * minute; second += 1) {
      add(60);
    }
    expect(suspect.evidence).toBeUndefined();
  });
});

test('a series without a window that has closed knows nothing', () => {
  const series = new LeakSeries(windowMs);
  expect(series.add({ at: 0, value: 5, collections: 0, operations: 0 })).toBe(false);
  expect([series.lowest, series.suspicion()]).toEqual([undefined, undefined]);
});
