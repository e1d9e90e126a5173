import { describe, expect, test } from 'vitest';
import { GcLog } from '../../../src/agent/cause/gc-log.ts';

function logOf(...entries: readonly (readonly [at: number, durationMs: number])[]): GcLog {
  const log = new GcLog();
  log.add(entries.map(([at, durationMs]) => ({ at, durationMs })));
  return log;
}

describe('the collections of a stall', () => {
  test('are those that overlap it, by as much as they do', () => {
    const log = logOf([50, 20], [90, 20], [150, 30], [190, 20], [300, 40]);
    expect(log.within(100, 200)).toBe(10 + 30 + 10);
  });

  test('never take longer than the stall', () => {
    expect(logOf([0, 100], [0, 100]).within(10, 60)).toBe(50);
  });

  test('count in full where there were thousands', () => {
    const log = new GcLog();
    for (let batch = 0; batch < 20; batch += 1) {
      log.add(Array.from({ length: 500 }, (_, index) => ({ at: (batch * 500 + index) * 2, durationMs: 1 })));
    }
    expect(log.within(0, 20_000)).toBeCloseTo(10_000, 0);
  });

  test('are forgotten once they belong to no stall', () => {
    const log = logOf([50, 20], [150, 30]);
    log.forgetBefore(100);
    expect(log.within(0, 1000)).toBe(30);
  });
});
