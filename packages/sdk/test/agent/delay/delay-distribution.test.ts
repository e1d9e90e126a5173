import { describe, expect, test } from 'vitest';
import { DelayDistribution, type DelaySummary } from '../../../src/agent/delay/delay-distribution.ts';
import { bucketBoundsMs } from '../../../src/agent/delay/lateness-bins.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

const sumOf = (delays: DelayDistribution): number =>
  delays.buckets().reduce((sum, { sumMs }) => sum + sumMs, 0);
const stepsOf = (delays: DelayDistribution): number =>
  delays.buckets().reduce((sum, { steps }) => sum + steps, 0);

/** What probes at each step of 10 ms meet in a block, at each of a thousand phases, on average. */
function probed(lengthMs: number): { steps: number; sumMs: number; buckets: number[] } {
  const phases = 1000;
  const buckets = [...bucketBoundsMs, 0].map(() => 0);
  let steps = 0;
  let sumMs = 0;
  for (let phase = 0; phase < phases; phase += 1) {
    for (let at = (10 * (phase + 0.5)) / phases; at < lengthMs; at += 10) {
      const delayMs = lengthMs - at;
      const bucket = bucketBoundsMs.findIndex((bound) => delayMs <= bound);
      const index = bucket === -1 ? bucketBoundsMs.length : bucket;
      buckets[index] = (buckets[index] ?? 0) + 1 / phases;
      steps += 1 / phases;
      sumMs += delayMs / phases;
    }
  }
  return { steps, sumMs, buckets };
}

describe.each([3, 10, 17, 60, 100, 333, 2000, 15_000])('a block of %d ms', (lengthMs) => {
  test('counts as probes at any phase meet it on average, in number, sum and each bucket', () => {
    const delays = new DelayDistribution();
    delays.addBlock(lengthMs);
    const truth = probed(lengthMs);
    expect(stepsOf(delays)).toBeCloseTo(truth.steps, 6);
    expect(sumOf(delays) / truth.sumMs).toBeCloseTo(1, 4);
    delays.buckets().forEach(({ steps }, bucket) => {
      expect(steps).toBeCloseTo(truth.buckets[bucket] ?? Number.NaN, 1);
    });
  });

  test.each([10, 25, 50])(
    'counts the same by ticks alone, on average over their phases, at %d ms',
    (heartbeatMs) => {
      const delays = new DelayDistribution();
      const phases = 2000;
      let onTimeMs = 0;
      for (let phase = 0; phase < phases; phase += 1) {
        // The tick that falls due in the block, where one does.
        const due = (heartbeatMs * (phase + 0.5)) / phases;
        if (due < lengthMs) {
          delays.addLateTicks(lengthMs - due, { ticks: 1, heartbeatMs, busyShare: 0 });
        } else {
          onTimeMs += heartbeatMs;
        }
      }
      const truth = probed(lengthMs);
      expect(sumOf(delays) / phases / truth.sumMs).toBeCloseTo(1, 2);
      // Of the first heartbeat's length, what is not blocked is on time.
      const steps = stepsOf(delays) + onTimeMs / 10;
      expect(steps / phases).toBeCloseTo(Math.max(heartbeatMs, lengthMs) / 10, 1);
    },
  );
});

test('blocks of the late part of each tick alone would lose half a heartbeat of every block', () => {
  const [lengthMs, heartbeatMs, phases] = [400, 25, 2000];
  const delays = new DelayDistribution();
  for (let phase = 0; phase < phases; phase += 1) {
    delays.addBlock(lengthMs - (heartbeatMs * (phase + 0.5)) / phases);
  }
  const lostMs = probed(lengthMs).sumMs - sumOf(delays) / phases;
  expect(lostMs).toBeCloseTo((lengthMs * heartbeatMs - heartbeatMs ** 2 / 3) / 20, 0);
});

describe('a loop whose blocks are random', () => {
  const heartbeatMs = 25;

  /** The delay that ticks tell, over the true one. The heartbeat starts anew whenever it has come. */
  function told(seed: number, meanMs: number, load: number): number {
    const random = new SeededRandom(seed);
    const exponential = (mean: number): number => -mean * Math.log(1 - random.next());
    const delays = new DelayDistribution();
    let now = 0;
    let due = heartbeatMs;
    let trueMs = 0;
    for (let block = 0; block < 20_000; block += 1) {
      const start = now + exponential((meanMs * (1 - load)) / load);
      for (; due < start; due += heartbeatMs) {
        delays.addOnTime(heartbeatMs);
      }
      now = start + exponential(meanMs);
      trueMs += (now - start) ** 2 / 20;
      if (due < now) {
        delays.addLateTicks(now - due, { ticks: 1, heartbeatMs, busyShare: load });
        due = now + heartbeatMs;
      }
    }
    return sumOf(delays) / trueMs;
  }

  test.each([0.05, 0.2, 0.5, 0.8, 0.95, 0.999])(
    'is told right at a load of %d, whatever their length',
    (load) => {
      for (const meanMs of [4, 8, 15, 25, 40, 60]) {
        expect(told(1, meanMs, load), `blocks of ${meanMs} ms`).toBeGreaterThan(0.93);
        expect(told(1, meanMs, load), `blocks of ${meanMs} ms`).toBeLessThan(1.09);
      }
    },
  );
});

describe('the summary', () => {
  const zero = { minMs: 0, maxMs: 0, meanMs: 0, stddevMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0 };

  test('of nothing is none, and of an idle loop is nought', () => {
    const delays = new DelayDistribution();
    expect(delays.summary()).toBeUndefined();
    delays.addOnTime(1000);
    expect(delays.summary()).toEqual(zero);
  });

  test.each(Array.from({ length: 8 }, (_, seed) => seed))(
    'of blocks is near to that of the probes themselves: seed %i',
    (seed) => {
      const random = new SeededRandom(seed);
      const delays = new DelayDistribution();
      const probes: number[] = [];
      for (let block = 0; block < 300; block += 1) {
        const lengthMs = 2 ** random.between(0, 11);
        const idleMs = random.between(0, 3 * lengthMs);
        delays.addBlock(lengthMs);
        delays.addOnTime(idleMs);
        for (let at = random.between(0, 10); at < lengthMs + idleMs; at += 10) {
          probes.push(Math.max(0, lengthMs - at));
        }
      }
      const truth = summaryOf(probes);
      const found = delays.summary() as DelaySummary;
      expect(found.maxMs / truth.maxMs).toBeCloseTo(1, 1);
      for (const part of ['meanMs', 'stddevMs', 'p90Ms', 'p99Ms'] as const) {
        expect(Math.abs(found[part] / truth[part] - 1)).toBeLessThan(0.1);
      }
      expect(Math.abs(found.p50Ms - truth.p50Ms)).toBeLessThan(0.2 * truth.p50Ms + 1);
    },
  );

  test('has a least delay where every step met one', () => {
    const delays = new DelayDistribution();
    delays.addLateTicks(6, { ticks: 10, heartbeatMs: 10, busyShare: 0 });
    expect(delays.summary()?.minMs).toBeGreaterThan(5);
    expect(delays.summary()?.minMs).toBeLessThanOrEqual(6);
  });
});

function summaryOf(delays: readonly number[]): DelaySummary {
  const sorted = delays.toSorted((a, b) => a - b);
  const meanMs = sorted.reduce((sum, each) => sum + each, 0) / sorted.length;
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return {
    minMs: sorted[0] ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
    meanMs,
    stddevMs: Math.sqrt(sorted.reduce((sum, each) => sum + (each - meanMs) ** 2, 0) / sorted.length),
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
  };
}

test('the time held up is that of blocks, and of ticks that are late by half a millisecond or more', () => {
  const delays = new DelayDistribution();
  delays.addBlock(120);
  delays.addOnTime(1000);
  delays.addLateTicks(30, { ticks: 2, heartbeatMs: 25, busyShare: 0 });
  expect(delays.heldMs).toBe(120 + 2 * 50);
});

test('distributions add up', () => {
  const whole = new DelayDistribution();
  const parts = [new DelayDistribution(), new DelayDistribution()];
  parts.forEach((part, index) => {
    for (const each of [part, whole]) {
      each.addBlock(70 * (index + 1));
      each.addOnTime(500);
      each.addLateTicks(12, { ticks: 3, heartbeatMs: 25, busyShare: 0.5 });
    }
  });
  const sum = new DelayDistribution();
  parts.forEach((part) => {
    sum.addAll(part);
  });
  const closeTo = (summary: object): object =>
    Object.fromEntries(Object.entries(summary).map(([part, value]) => [part, expect.closeTo(Number(value))]));
  expect(sum.summary()).toEqual(closeTo(whole.summary() ?? {}));
  expect(sum.heldMs).toBeCloseTo(whole.heldMs);
});
