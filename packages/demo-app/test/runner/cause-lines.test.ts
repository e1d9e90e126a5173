import { expect, test } from 'vitest';
import { causeLines } from '../../src/runner/cause-lines.ts';
import { stallOf } from './stall-examples.ts';

test('the evidence that matters is told, and the advice after it', () => {
  const stall = stallOf({
    durationMs: 400,
    cause: 'sync-io',
    evidence: { cpuMs: 4, waitMs: 30, sleepMs: 360, synchronousCall: 'node:child_process execSync' },
    advice: 'Use exec.',
  });
  expect(causeLines(stall)).toEqual([
    'cause: sync-io (30 ms waiting for a CPU, 360 ms asleep, in node:child_process execSync)',
    'Use exec.',
  ]);
});

test('long advice is told in several lines, whole', () => {
  const advice = `Split ${'the work '.repeat(30)}up.`;
  const [cause, ...lines] = causeLines(stallOf({ evidence: {}, advice }));
  expect(cause).toBe('cause: cpu');
  expect(lines.join(' ')).toBe(advice);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(88);
});
