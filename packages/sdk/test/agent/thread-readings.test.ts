import { describe, expect, test } from 'vitest';
import { type LoopTime, ThreadReadings } from '../../src/agent/thread-readings.ts';
import type { SampleMessage } from '../../src/shared/messages.ts';
import { SeededRandom } from '../support/seeded-random.ts';

function sample(
  at: number,
  active: number,
  idle: number,
  changes: Partial<SampleMessage> = {},
): SampleMessage {
  return {
    kind: 'sample',
    at,
    active,
    idle,
    iterations: 0,
    events: 0,
    eventsWaiting: 0,
    externalBytes: 0,
    heapSpaces: [],
    inspectorOpen: false,
    sourceMaps: false,
    ...changes,
  };
}

/** A sample each second, of a loop that is active for a share of each of these. */
function sampled(shares: readonly number[]): { readings: ThreadReadings; now: number } {
  const readings = new ThreadReadings(0);
  let active = 0;
  let idle = 0;
  shares.forEach((share, index) => {
    active += 1000 * share;
    idle += 1000 * (1 - share);
    readings.add(sample((index + 1) * 1000, active, idle));
  });
  return { readings, now: shares.length * 1000 };
}

const seconds = (count: number, share: number): number[] => Array.from({ length: count }, () => share);

describe('utilization', () => {
  test('is unknown before the first sample', () => {
    expect(new ThreadReadings(0).loopTime(500, undefined).utilization).toBeUndefined();
  });

  test('is over what there is while that is less than 15 s', () => {
    const { readings, now } = sampled([1, 0, 0, 0]);
    expect(readings.loopTime(now, undefined).utilization).toBeCloseTo(0.25);
  });

  test('is over the last 15 s', () => {
    const { readings, now } = sampled([...seconds(30, 1), ...seconds(12, 0)]);
    expect(readings.loopTime(now, undefined).utilization).toBeCloseTo(3 / 15);
  });

  test('forgets what is older', () => {
    const { readings, now } = sampled([...seconds(30, 1), ...seconds(15, 0)]);
    expect(readings.loopTime(now, undefined).utilization).toBe(0);
  });

  test('counts a stall in progress as active, at every age of it', () => {
    const { readings, now } = sampled(seconds(30, 0));
    const shown = [0, 3000, 9000, 15_000, 60_000].map((age) => readings.loopTime(now + age, now).utilization);
    expect(shown).toEqual([0, 0.2, 0.6, 1, 1].map((share) => expect.closeTo(share)));
  });

  test('counts a stall from its start or from the last sample, whichever is later', () => {
    const { readings, now } = sampled(seconds(30, 0));
    expect(readings.loopTime(now + 3000, now - 5000).utilization).toBeCloseTo(3 / 15);
    expect(readings.loopTime(now + 3500, now + 500).utilization).toBeCloseTo(3 / 15);
  });
});

test('of a thread that ran long before this agent there is no window until two samples have come', () => {
  const readings = new ThreadReadings(0);
  const hour = 3_600_000;
  readings.add(sample(hour, hour / 2, hour / 2));
  expect(readings.loopTime(hour, undefined).utilization).toBeUndefined();
  readings.add(sample(hour + 1000, hour / 2 + 250, hour / 2 + 750));
  expect(readings.loopTime(hour + 1000, undefined)).toMatchObject({
    utilization: expect.closeTo(0.25),
    windowStart: hour,
    windowActiveMs: 250,
    windowElapsedMs: 1000,
  });
});

test('the window is that of the utilization, a stall in progress included', () => {
  const { readings, now } = sampled([...seconds(30, 0), 0.5]);
  expect(readings.loopTime(now + 4000, now)).toMatchObject({
    windowStart: now - 11_000,
    windowActiveMs: 4500,
    windowElapsedMs: 15_000,
  });
});

describe('cumulative times', () => {
  test('are what the samples say', () => {
    const { readings, now } = sampled([0.25, 0.75]);
    expect(readings.loopTime(now, undefined)).toMatchObject({ activeMs: 1000, idleMs: 1000 });
  });

  test('rise while the loop is blocked, and go on from there with the next sample', () => {
    const { readings } = sampled([0]);
    expect(readings.loopTime(4000, 1000).activeMs).toBe(3000);
    readings.add(sample(4100, 2990, 1010));
    expect(readings.loopTime(4100, undefined)).toMatchObject({ activeMs: 3000, idleMs: 1010 });
  });

  test('wait for the next sample once the stall is over', () => {
    const { readings } = sampled([0]);
    readings.loopTime(4000, 1000);
    expect(readings.loopTime(4900, undefined).activeMs).toBe(3000);
  });

  test.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'never fall in any order of samples, stalls and reads: seed %i',
    (seed) => {
      const shown = randomLife(seed);
      for (const [index, { activeMs, idleMs, utilization }] of shown.entries()) {
        expect(activeMs).toBeGreaterThanOrEqual(shown[index - 1]?.activeMs ?? 0);
        expect(idleMs).toBeGreaterThanOrEqual(shown[index - 1]?.idleMs ?? 0);
        expect(utilization ?? 0).toBeGreaterThanOrEqual(0);
        expect(utilization ?? 0).toBeLessThanOrEqual(1);
      }
      expect(shown.length).toBeGreaterThan(100);
    },
  );
});

/** What readers see of a thread that is idle, busy and blocked in turn; the starts of its stalls are guessed. */
function randomLife(seed: number): LoopTime[] {
  const random = new SeededRandom(seed);
  const readings = new ThreadReadings(0);
  const shown: LoopTime[] = [];
  let now = 0;
  let active = 0;
  let idle = 0;
  for (let turn = 0; turn < 200; turn += 1) {
    const blockedMs = random.chance(0.3) ? random.between(100, 30_000) : 0;
    const guessed = now + random.between(-50, 50);
    const end = now + (blockedMs || random.between(900, 1100));
    while (random.chance(0.7)) {
      now = random.between(now, end);
      shown.push(readings.loopTime(now, blockedMs > 0 && now > guessed ? guessed : undefined));
    }
    const share = blockedMs > 0 ? 1 : random.next();
    active += (end - now) * share;
    idle += (end - now) * (1 - share);
    now = end;
    if (random.chance(0.8)) {
      readings.add(sample(now, active, idle));
    }
  }
  return shown;
}

describe('the latest sample', () => {
  test('is given whole', () => {
    const readings = new ThreadReadings(0);
    expect(readings.latest).toBeUndefined();
    readings.add(sample(1000, 1, 2));
    const latest = sample(2000, 3, 4, { iterations: 9 });
    readings.add(latest);
    expect(readings.latest).toEqual(latest);
  });

  test('tells of resources, also where it skipped them', () => {
    const readings = new ThreadReadings(0);
    readings.add(sample(1000, 1, 2, { resources: { Timeout: 3 } }));
    readings.add(sample(2000, 1, 2));
    expect(readings.resources).toEqual({ Timeout: 3 });
    readings.add(sample(3000, 1, 2, { resources: {} }));
    expect(readings.resources).toEqual({});
  });

  test('tells of the inspector and of source maps', () => {
    const readings = new ThreadReadings(0);
    expect([readings.inspectorOpen, readings.sourceMaps]).toEqual([false, undefined]);
    readings.add(sample(1000, 1, 2, { inspectorOpen: true, sourceMaps: true }));
    expect([readings.inspectorOpen, readings.sourceMaps]).toEqual([true, true]);
  });
});
