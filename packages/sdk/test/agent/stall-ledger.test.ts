import { beforeEach, describe, expect, test } from 'vitest';
import { originOf } from '../../src/agent/frames.ts';
import { type OpenStall, StallLedger } from '../../src/agent/stall-ledger.ts';
import { monotonicNow } from '../../src/shared/clock.ts';
import type { Frame, StallEvent } from '../../src/shared/stall.ts';
import { noFindings } from '../support/no-evidence.ts';

let now: number;
let events: StallEvent[];
let ledger: StallLedger;

beforeEach(() => {
  now = monotonicNow();
  events = [];
  ledger = new StallLedger({ now: () => now, publish: (event) => events.push(event) });
});

function open(changes: Partial<OpenStall> = {}): OpenStall {
  return ledger.open({
    thread: { id: 0, name: 'main' },
    start: now,
    phase: 'running',
    inspectorOpen: false,
    span: undefined,
    request: undefined,
    captures: [],
    requests: 0,
    findings: noFindings,
    ...changes,
  });
}

function openAndClose(durationMs: number, changes: Partial<OpenStall> = {}): void {
  const stall = open(changes);
  now += durationMs;
  ledger.end(stall, now);
  ledger.close(stall);
}

function frame(functionName: string, file = '/srv/app/src/orders.js'): Frame {
  return { function: functionName, file, line: 1, column: 1, depth: 0, origin: originOf(file) };
}

test('a stall is told as it opens, when it is updated and as it closes, always with its age', () => {
  const stall = open();
  now += 100;
  ledger.updated(stall);
  now += 50;
  ledger.end(stall, now);
  ledger.close(stall);
  const told = events.map(({ type, stall: { id, state, durationMs } }) => [type, id, state, durationMs]);
  expect(told).toEqual([
    ['opened', '1', 'open', 0],
    ['updated', '1', 'open', 100],
    ['closed', '1', 'closed', 150],
  ]);
});

test('what was told stays as it was told', () => {
  const stall = open();
  const before = structuredClone(events[0]);
  stall.phase = 'exiting';
  stall.captures.push({ at: now, waitedMs: 1, late: false, onQueue: false, frames: [frame('sum')] });
  now += 1000;
  ledger.end(stall, now);
  ledger.close(stall);
  expect(events[0]).toEqual(before);
});

test('the culprit, its fingerprint, the request and the span are told once they are known', () => {
  const stall = open();
  expect(events[0]?.stall).not.toHaveProperty('culprit');
  expect(Object.keys(events[0]?.stall ?? {})).not.toContain('request');
  stall.request = { method: 'GET', route: '/orders/:id' };
  stall.span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
  stall.captures.push({ at: now + 104.26, waitedMs: 1, late: false, onQueue: false, frames: [frame('sum')] });
  ledger.updated(stall);
  expect(events[1]?.stall).toMatchObject({
    culprit: { function: 'sum', file: '/srv/app/src/orders.js' },
    fingerprint: expect.stringMatching(/^[\da-f]{16}$/),
    request: { method: 'GET', route: '/orders/:id' },
    span: { spanId: 'b'.repeat(16) },
    captures: [{ afterMs: 104.3, waitedMs: 1, late: false, frames: [frame('sum')] }],
  });
});

test('its start is told by the wall clock, and does not move with a suspension', () => {
  const wallNow = Date.now() - (monotonicNow() - now);
  const stall = open({ start: now - 500 });
  const startedAt = events[0]?.stall.startedAt ?? 0;
  expect(Math.abs(startedAt - (wallNow - 500))).toBeLessThan(5);
  stall.start += 3000;
  stall.suspendedMs += 3000;
  now += 3100;
  ledger.end(stall, now);
  ledger.close(stall);
  expect(events[1]?.stall).toMatchObject({ durationMs: 600, suspendedMs: 3000 });
  expect(Math.abs((events[1]?.stall.startedAt ?? 0) - startedAt)).toBeLessThan(5);
});

test('no duration is negative, nor an age of a capture', () => {
  const stall = open({ captures: [{ at: now - 20, waitedMs: 1, late: false, onQueue: false, frames: [] }] });
  ledger.end(stall, now - 10);
  ledger.close(stall);
  expect(events[1]?.stall).toMatchObject({ durationMs: 0, captures: [{ afterMs: 0 }] });
});

describe('the list', () => {
  test('has those in progress first, then closed ones, each with the newest first', () => {
    openAndClose(100);
    openAndClose(100);
    open();
    open({ thread: { id: 1, name: 'worker 1' } });
    expect(ledger.list().map(({ id, state }) => `${id} ${state}`)).toEqual([
      '4 open',
      '3 open',
      '2 closed',
      '1 closed',
    ]);
    expect(ledger.inProgress().map(({ id }) => id)).toEqual(['3', '4']);
  });

  test('is bounded to the latest 100 closed ones', () => {
    for (let count = 0; count < 250; count += 1) {
      openAndClose(100);
    }
    const ids = ledger.list().map(({ id }) => Number(id));
    expect(ids).toHaveLength(100);
    expect([ids[0], ids[99]]).toEqual([250, 151]);
  });

  test('gives each its own id', () => {
    openAndClose(100);
    openAndClose(100);
    open();
    expect(new Set(ledger.list().map(({ id }) => id)).size).toBe(3);
  });

  test('shows those in progress as they are now', () => {
    open();
    now += 321;
    expect(ledger.inProgress()[0]?.durationMs).toBe(321);
    expect(ledger.list()[0]?.durationMs).toBe(321);
  });
});

describe('the totals', () => {
  test('add up by thread and phase, also of stalls that are no longer kept', () => {
    for (let count = 0; count < 150; count += 1) {
      openAndClose(100);
    }
    openAndClose(40, { phase: 'startup' });
    openAndClose(7, { thread: { id: 1, name: 'worker 1' } });
    expect([...ledger.totals()]).toEqual([
      { thread: { id: 0, name: 'main' }, phase: 'running', ms: 15_000 },
      { thread: { id: 0, name: 'main' }, phase: 'startup', ms: 40 },
      { thread: { id: 1, name: 'worker 1' }, phase: 'running', ms: 7 },
    ]);
  });

  test('leave out a stall in progress, and those with a debugger port open', () => {
    open();
    openAndClose(5000, { inspectorOpen: true });
    expect([...ledger.totals()]).toEqual([]);
    expect(ledger.list()).toHaveLength(2);
  });

  test('count a stall by the phase that it had at its end', () => {
    const stall = open({ phase: 'startup' });
    stall.phase = 'running';
    ledger.end(stall, now + 100);
    ledger.close(stall);
    expect([...ledger.totals()]).toMatchObject([{ phase: 'running', ms: 100 }]);
  });
});
