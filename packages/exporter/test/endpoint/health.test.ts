import { describe, expect, test } from 'vitest';
import { liveness, readiness } from '../../src/endpoint/health.ts';

const health = (stoppedMs: number, saturated = false): { stoppedMs: number; saturated: boolean } => ({
  stoppedMs,
  saturated,
});

describe('liveness', () => {
  test('fails from the configured time on, and never for saturation', () => {
    expect([0, 29_999, 30_000, 1e9].map((ms) => liveness(health(ms, true), 30_000).healthy)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('says what it rests on', () => {
    expect(liveness({ stoppedMs: 1234.56, saturated: false, utilization: 0.98765 }, 30_000)).toEqual({
      healthy: true,
      body: { status: 'ok', stoppedMs: 1235, saturated: false, utilization: 0.988 },
    });
    expect(liveness(health(30_000), 30_000).body).toEqual({
      status: 'stopped',
      stoppedMs: 30_000,
      saturated: false,
      utilization: null,
    });
  });
});

describe('readiness', () => {
  test('fails from a second on', () => {
    expect([0, 999, 1000].map((ms) => readiness(health(ms), false).healthy)).toEqual([true, true, false]);
  });

  test('tells of saturation, and fails for it only where that is asked for', () => {
    expect(readiness(health(0, true), false)).toMatchObject({ healthy: true, body: { status: 'saturated' } });
    expect(readiness(health(0, true), true)).toMatchObject({ healthy: false, body: { status: 'saturated' } });
    expect(readiness(health(2000, true), true)).toMatchObject({
      healthy: false,
      body: { status: 'stopped' },
    });
  });
});
