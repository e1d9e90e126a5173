import { describe, expect, test } from 'vitest';
import { type Activity, classifyLateness } from '../../src/agent/suspension.ts';

function activity(changes: Partial<Activity>): Activity {
  return { agentRunMs: 0, agentWaitMs: 0, mainBusyMs: 0, ...changes };
}

describe('an agent that woke late', () => {
  const cases: readonly [string, number, Partial<Activity>, string][] = [
    ['while nothing of the process ran was suspended', 992, { agentRunMs: 1 }, 'suspended'],
    [
      'with less than half of it explained was suspended',
      100,
      { agentRunMs: 20, agentWaitMs: 29.9 },
      'suspended',
    ],
    ['by the least that matters was suspended', 50, {}, 'suspended'],
    ['after waiting for a CPU was starved', 60, { agentWaitMs: 45 }, 'starved'],
    ['after running itself was starved', 60, { agentRunMs: 59 }, 'starved'],
    ['with half of it explained, by both, was starved', 100, { agentRunMs: 20, agentWaitMs: 30 }, 'starved'],
    ['while the main thread ran on was starved', 100, { mainBusyMs: 50 }, 'starved'],
    ['while the main thread hardly ran was suspended', 100, { mainBusyMs: 49.9 }, 'suspended'],
  ];
  test.each(cases)('%s', (_name, lateMs, changes, verdict) => {
    expect(classifyLateness(lateMs, () => activity(changes))).toBe(verdict);
  });

  test.each([
    [49.9, 'on-time'],
    [50, 'suspended'],
  ] as const)('by %f ms where the system tells nothing: %s', (lateMs, verdict) => {
    expect(classifyLateness(lateMs, () => undefined)).toBe(verdict);
  });

  test('by little, or not at all, is not looked into', () => {
    const readActivity = (): never => expect.fail('the system is asked');
    expect(classifyLateness(49.9, readActivity)).toBe('on-time');
    expect(classifyLateness(-5, readActivity)).toBe('on-time');
    expect(classifyLateness(Number.NEGATIVE_INFINITY, readActivity)).toBe('on-time');
  });
});
