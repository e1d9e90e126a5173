import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type Heartbeat,
  heartbeatInterval,
  startHeartbeat,
  workerHeartbeatFactor,
} from '../../src/main/heartbeat.ts';
import { monotonicNow } from '../../src/shared/clock.ts';

describe('the interval', () => {
  test.each([
    [20, 5],
    [23, 5],
    [50, 12],
    [100, 25],
    [199, 49],
    [200, 50],
    [60_000, 50],
  ])('for a threshold of %i ms is %i ms', (thresholdMs, intervalMs) => {
    expect(heartbeatInterval(thresholdMs)).toBe(intervalMs);
  });

  test('lets a stall of any threshold miss three ticks or more', () => {
    for (let thresholdMs = 20; thresholdMs <= 60_000; thresholdMs += 1) {
      const intervalMs = heartbeatInterval(thresholdMs);
      expect(Number.isInteger(intervalMs) && intervalMs >= 5 && thresholdMs / intervalMs >= 3).toBe(true);
    }
  });
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [6, 3],
  [7, 4],
  [256, 4],
])('the heartbeat of worker %i is %i times as long', (place, factor) => {
  expect(workerHeartbeatFactor(place)).toBe(factor);
  const heartbeat = startHeartbeat(100, factor);
  expect(heartbeat.intervalMs).toBe(25 * factor);
  heartbeat.stop();
});

function start(thresholdMs: number): Heartbeat {
  const heartbeat = startHeartbeat(thresholdMs);
  onTestFinished(() => heartbeat.stop());
  return heartbeat;
}

describe('the heartbeat', () => {
  test('ticks while the loop turns, stands still while it is blocked, and ticks on', async () => {
    const { histogram, intervalMs } = start(20);
    expect(intervalMs).toBe(5);
    await expect.poll(() => histogram.count).toBeGreaterThan(3);
    const before = histogram.count;
    const end = monotonicNow() + 10 * intervalMs;
    while (monotonicNow() < end) {
      expect(histogram.count === before).toBe(true);
    }
    await expect.poll(() => histogram.count).toBeGreaterThan(before);
    expect(histogram.max / 1e6).toBeGreaterThan(9 * intervalMs);
  });

  test('ends when it is stopped', async () => {
    const heartbeat = start(20);
    await expect.poll(() => heartbeat.histogram.count).toBeGreaterThan(1);
    heartbeat.stop();
    const other = start(20);
    const { count } = heartbeat.histogram;
    await expect.poll(() => other.histogram.count).toBeGreaterThan(3);
    expect(heartbeat.histogram.count).toBe(count);
  });
});
