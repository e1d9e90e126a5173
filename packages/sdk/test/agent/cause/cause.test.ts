import { describe, expect, test } from 'vitest';
import { causeOf, type JudgedStall } from '../../../src/agent/cause/cause.ts';
import type { StallEvidence } from '../../../src/shared/stall.ts';

function judged(evidence: StallEvidence, changes: Partial<JudgedStall> = {}): string {
  return causeOf({ evidence, durationMs: 400, inspectorOpen: false, seenRunning: true, ...changes });
}

const busy = { cpuMs: 390, waitMs: 4, sleepMs: 0, systemMs: 10, gcMs: 6, microtaskMs: 0 };

describe('the cause', () => {
  test('is the CPU where the thread was on one', () => {
    expect(judged(busy)).toBe('cpu');
    expect(judged(busy, { seenRunning: false })).toBe('cpu');
  });

  test('is a native computation by the thread pool, not input or output', () => {
    expect(judged({ ...busy, synchronousCall: 'node:crypto pbkdf2Sync' })).toBe('cpu');
    expect(judged({ ...busy, synchronousCall: 'node:modules require', systemMs: 380 })).toBe('cpu');
  });

  test('is starvation where most of it was a wait for a CPU, whatever else it did', () => {
    expect(judged({ ...busy, cpuMs: 150, waitMs: 240, microtaskMs: 400 })).toBe('starved');
    expect(judged({ ...busy, cpuMs: 150, waitMs: 190 })).toBe('cpu');
  });

  test('is starvation where the control group was held back, which no run queue shows', () => {
    expect(judged({ ...busy, cpuMs: 120, waitMs: 0, throttledMs: 270 })).toBe('starved');
  });

  test('is garbage collection at 40 % where JavaScript ran, at half inside a native call', () => {
    expect(judged({ ...busy, gcMs: 170 })).toBe('gc');
    expect(judged({ ...busy, gcMs: 170 }, { seenRunning: false })).toBe('cpu');
    expect(judged({ ...busy, gcMs: 210 }, { seenRunning: false })).toBe('gc');
  });

  test('is microtasks where their queue turned and the loop did not', () => {
    expect(judged({ ...busy, microtaskMs: 390 })).toBe('microtasks');
    expect(judged({ ...busy, microtaskMs: 100 })).toBe('cpu');
  });

  test('is synchronous input and output by the call, or by sleep', () => {
    expect(judged({ ...busy, synchronousCall: 'node:fs writeFileSync' })).toBe('sync-io');
    const asleep = { ...busy, cpuMs: 2, waitMs: 1, sleepMs: 396 };
    expect(judged(asleep)).toBe('sync-io');
    expect(judged(asleep, { seenRunning: false })).toBe('sync-io');
  });

  test('is synchronous input and output where most of the CPU time was the kernel’s', () => {
    expect(judged({ ...busy, systemMs: 300 })).toBe('sync-io');
    expect(judged({ ...busy, cpuMs: 60, systemMs: 50 })).toBe('cpu');
  });

  test('is no sleep where the CPU was taken away: the thread was never found asleep', () => {
    expect(judged({ ...busy, cpuMs: 150, waitMs: 20, sleepMs: 0 })).toBe('cpu');
  });

  test('is not told from a sleep that a debugger may have made', () => {
    const asleep = { ...busy, cpuMs: 2, waitMs: 1, sleepMs: 396 };
    expect(judged(asleep, { inspectorOpen: true })).toBe('unknown');
  });

  test('rests on stacks and collections where the system tells nothing', () => {
    expect(judged({})).toBe('cpu');
    expect(judged({}, { seenRunning: false })).toBe('unknown');
    expect(judged({ synchronousCall: 'node:child_process execSync' }, { seenRunning: false })).toBe(
      'sync-io',
    );
    expect(judged({ gcMs: 300 })).toBe('gc');
  });
});
