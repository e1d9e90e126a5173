import { beforeEach, describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../src/agent/cause/evidence.ts';
import { EvidenceLog } from '../../../src/agent/cause/evidence-log.ts';

let now: number;
let runMs: number;
let asleep: boolean;
let reads: string[];
let log: EvidenceLog;

beforeEach(() => {
  now = 0;
  runMs = 0;
  asleep = false;
  reads = [];
  log = new EvidenceLog({
    schedule: () => {
      reads.push('schedule');
      return { runMs, waitMs: 0 };
    },
    state: () => {
      reads.push('state');
      return { asleep, systemMs: 0, pageFaults: 0 };
    },
    contention: () => {
      reads.push('contention');
      return { cpuPressureMs: now / 2 };
    },
  });
});

/** Looks every so often until then; the thread is on its CPU for a share of the time. */
function pass(until: number, everyMs: number, ticked: boolean, share: number): void {
  while (now < until) {
    now += everyMs;
    runMs += everyMs * share;
    log.looked(now, ticked, false);
  }
}

const evidenceFrom = (start: number): ReturnType<typeof evidenceOf> =>
  evidenceOf(log.present()({ start, captures: [] }, now));

describe('the evidence of a thread', () => {
  test('costs five reads a second while the loop ticks', () => {
    pass(10_000, 50, true, 0.1);
    expect(reads.length).toBeLessThanOrEqual(51);
    expect(new Set(reads)).toEqual(new Set(['schedule']));
  });

  test('is that of the stall alone, whatever was before', () => {
    pass(1000, 50, true, 1);
    asleep = true;
    pass(1400, 5, false, 0);
    expect(evidenceFrom(1010)).toMatchObject({ cpuMs: 0, waitMs: 0, sleepMs: 390 });
    asleep = false;
    now += 5;
    log.looked(now, true, false);
    pass(1800, 5, false, 1);
    expect(evidenceFrom(1405)).toMatchObject({ cpuMs: 395, sleepMs: 0 });
  });

  test('is bounded, however long the stall lasts', () => {
    pass(1000, 50, true, 0);
    pass(600_000, 5, false, 0.5);
    const { schedule, states, contention } = log.present()({ start: 1000, captures: [] }, now);
    expect(schedule.length).toBeLessThan(10);
    expect(states.length).toBeLessThan(100);
    expect(contention.length).toBeLessThan(10);
    const { cpuMs = 0, pressureMs = 0 } = evidenceFrom(1000);
    expect(cpuMs / 599_000).toBeCloseTo(0.5);
    expect(pressureMs / 599_000).toBeCloseTo(0.5);
  });

  test('of a stall that is over is left alone by the next, but for its collections', () => {
    pass(1000, 50, true, 0);
    pass(1400, 5, false, 1);
    log.looked(now, true, false);
    const gather = log.frozen();
    asleep = true;
    pass(1900, 5, false, 0);
    log.collected([{ type: 'major', at: 1100, durationMs: 120 }]);
    expect(evidenceOf(gather({ start: 1000, captures: [] }, 1400))).toMatchObject({
      cpuMs: 400,
      sleepMs: 0,
      gcMs: 120,
    });
    expect(evidenceFrom(1405).cpuMs).toBe(0);
  });

  test('moves with a suspension', () => {
    pass(1000, 50, true, 0);
    pass(1200, 5, false, 1);
    now += 3000;
    log.suspended(3000);
    pass(4400, 5, false, 1);
    expect(evidenceFrom(4000).cpuMs).toBeCloseTo(400, -1);
  });
});
