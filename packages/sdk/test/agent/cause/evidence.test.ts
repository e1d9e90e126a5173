import { describe, expect, test } from 'vitest';
import { type CaptureFindings, evidenceOf } from '../../../src/agent/cause/evidence.ts';
import type { Monotonic } from '../../../src/shared/clock.ts';

const at = (ms: number): Monotonic => ms;

/** A capture on a queue, and when its marks ran. */
function capture(atMs: number, microtaskAt: number, tickAt: number): CaptureFindings {
  return {
    at: at(atMs),
    waitedMs: 1,
    late: false,
    onQueue: true,
    microtaskAt: at(microtaskAt),
    tickAt: at(tickAt),
  };
}

function microtaskMs(endMs: number, ...captures: CaptureFindings[]): number | undefined {
  const findings = { start: at(0), end: at(endMs), schedule: [], states: [], contention: [], captures };
  return evidenceOf(findings).microtaskMs;
}

describe('the time for which the queue of microtasks turned over', () => {
  test('is nearly all of it where each reaction is short', () => {
    expect(microtaskMs(500, capture(100, 101, 499), capture(200, 202, 499))).toBeGreaterThan(450);
  });

  test('is none where one reaction takes all of it', () => {
    expect(microtaskMs(500, capture(100, 498, 499), capture(200, 498, 499))).toBeLessThan(5);
  });

  // As it was seen in a server that renders its first page: reactions of 70 ms, and one of 330 ms.
  test('is less than half where a long reaction follows others', () => {
    const captures = [capture(97, 171, 536), capture(203, 204, 536), capture(402, 530, 536)];
    expect(microtaskMs(540, ...captures)).toBeLessThan(180);
  });

  test('is less than half while the long reaction goes on', () => {
    const { microtaskAt: _, tickAt: __, ...unanswered } = capture(402, 0, 0);
    expect(microtaskMs(520, capture(97, 171, 999), capture(203, 204, 999), unanswered)).toBeLessThan(200);
  });
});
