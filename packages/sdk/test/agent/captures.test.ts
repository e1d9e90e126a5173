import { beforeEach, describe, expect, test } from 'vitest';
import { type CaptureOutcome, Captures } from '../../src/agent/captures.ts';

let interrupted: number[];
let outcomes: CaptureOutcome[];
let lines: string[];
let refusal: Error | undefined;
let captures: Captures;
let allowed: boolean;

beforeEach(() => {
  interrupted = [];
  outcomes = [];
  lines = [];
  refusal = undefined;
  allowed = true;
  captures = new Captures({
    interrupt: (id) => {
      if (refusal !== undefined) {
        throw refusal;
      }
      interrupted.push(id);
    },
    allowed: () => allowed,
    counted: (outcome) => outcomes.push(outcome),
    debug: (line) => lines.push(line),
  });
});

test('at most one is unanswered, however often it is asked for', () => {
  for (let now = 0; now < 500; now += 5) {
    captures.ask(now);
  }
  expect(interrupted).toHaveLength(1);
});

test('each has its own id', () => {
  captures.ask(0);
  captures.answered({ id: interrupted[0] as number, at: 1 });
  captures.ask(10);
  expect(new Set(interrupted).size).toBe(2);
});

describe('an answer', () => {
  test.each([
    [1, false, 'taken'],
    [19.9, false, 'taken'],
    [20, true, 'late'],
    [9000, true, 'late'],
  ] as const)('after %f ms is late: %s', (afterMs, late, outcome) => {
    captures.ask(1000);
    const answer = captures.answered({ id: 1, at: 1000 + afterMs });
    expect(answer).toEqual({ waitedMs: expect.closeTo(afterMs), late });
    expect(outcomes).toEqual([outcome]);
  });

  test('that nobody asked for is told from one that was, and not counted', () => {
    expect(captures.answered({ id: 1, at: 0 })).toBeUndefined();
    captures.ask(0);
    expect(captures.answered({ id: 2, at: 1 })).toBeUndefined();
    expect(captures.answered({ id: 1, at: 1 })).toBeDefined();
    expect(captures.answered({ id: 1, at: 2 })).toBeUndefined();
    expect(outcomes).toEqual(['taken']);
  });

  test('that is dated before its question was not waited for', () => {
    captures.ask(1000);
    expect(captures.answered({ id: 1, at: 999.9 })).toEqual({ waitedMs: 0, late: false });
  });

  test('is not late for the time in which the process was suspended', () => {
    captures.ask(1000);
    captures.suspended(5000);
    expect(captures.answered({ id: 1, at: 6010 })).toEqual({ waitedMs: 10, late: false });
  });
});

describe('a capture that fails', () => {
  test('because the inspector refuses is counted and said, and another may be asked for', () => {
    refusal = new Error('no inspector');
    captures.ask(0);
    expect(outcomes).toEqual(['failed']);
    expect(lines).toEqual([expect.stringContaining('no inspector')]);
    refusal = undefined;
    captures.ask(5);
    expect(interrupted).toHaveLength(1);
  });

  test('because no answer came, though the loop has turned, is given up after 200 ms', () => {
    captures.ask(1000);
    captures.expire(1199);
    expect(outcomes).toEqual([]);
    captures.expire(1200);
    expect(outcomes).toEqual(['failed']);
    expect(captures.answered({ id: 1, at: 1201 })).toBeUndefined();
    captures.ask(1205);
    expect(interrupted).toEqual([1, 2]);
  });

  test('is not given up for the time in which the process was suspended', () => {
    captures.ask(1000);
    captures.suspended(5000);
    captures.expire(6199);
    expect(outcomes).toEqual([]);
    captures.expire(6200);
    expect(outcomes).toEqual(['failed']);
  });
});

describe('a capture for which there is no budget', () => {
  test('is taken as soon as there is', () => {
    allowed = false;
    captures.ask(0);
    captures.retry(5);
    expect(interrupted).toEqual([]);
    allowed = true;
    captures.retry(10);
    captures.retry(15);
    expect(interrupted).toEqual([1]);
    captures.expire(20);
    expect(outcomes).toEqual([]);
  });

  test('is counted once as skipped, when the quiet ends before', () => {
    allowed = false;
    captures.ask(0);
    captures.retry(5);
    captures.expire(10);
    captures.expire(15);
    expect(outcomes).toEqual(['skipped']);
    captures.retry(20);
    allowed = true;
    captures.retry(25);
    expect(interrupted).toEqual([]);
  });
});
