import { describe, expect, test } from 'vitest';
import { blockedLife, callSite, request, sample, span, WatchedLife } from './watched-life.ts';

describe('a block in JavaScript', () => {
  test('is told while it lasts, with its stack, request and span', () => {
    const life = blockedLife();
    expect(life.told).toEqual(['opened sum']);
    expect(life.events[0]?.stall).toMatchObject({
      phase: 'running',
      request,
      span,
      durationMs: 100,
      captures: [{ afterMs: 41, late: false, frames: [{ function: 'sum' }, { function: 'handle' }] }],
    });
    expect(life.thread.blockedSince).toBe(1060);
  });

  test('is told again as further stacks come, and as it ends', () => {
    const life = blockedLife();
    life.look(1260);
    life.capture(1261, 201, [callSite('other')]);
    life.context();
    life.look(1265);
    expect(life.told).toEqual(['opened sum', 'updated sum']);
    life.resume(1275);
    expect(life.told).toEqual(['opened sum', 'updated sum', 'closed sum']);
    expect(life.events[2]?.stall).toMatchObject({ state: 'closed', durationMs: 210, request, span });
    expect(life.events[2]?.stall.captures).toHaveLength(2);
    expect(life.thread.blockedSince).toBeUndefined();
    expect(life.outcomes).toEqual(['taken', 'taken']);
    expect(life.stallsEnded).toBe(1);
  });

  test('keeps the request that it began with', () => {
    const life = blockedLife();
    life.look(1260);
    life.capture(1261, 201, [callSite('sum')]);
    life.context({ request: { method: 'POST' } });
    life.tick(1265);
    expect(life.events.at(-1)?.stall.request).toEqual(request);
  });
});

describe('a native block', () => {
  test('is told without a stack first, and then with the one that it returned to', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.look(1100, 1150, 1174, 1176);
    expect(life.told).toEqual(['opened -']);
    life.capture(1990, 930, [callSite('pack')]);
    life.context({ request });
    life.resume(1992);
    expect(life.told).toEqual(['opened -', 'updated pack', 'closed pack']);
    expect(life.events[2]?.stall).toMatchObject({
      durationMs: expect.closeTo(931, 0),
      culprit: { late: true },
      request,
      captures: [{ late: true, waitedMs: 890 }],
    });
    expect(life.outcomes).toEqual(['late']);
  });

  test('that no look found long enough is told as it ends', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.look(1100);
    life.capture(1165, 120, [callSite('pack')]);
    life.context();
    life.resume(1167);
    expect(life.told).toEqual(['opened pack', 'closed pack']);
  });
});

test('where stacks cannot be taken, none is asked for, and stalls are told all the same', () => {
  const life = new WatchedLife({ captures: false });
  life.calm(1050);
  life.look(1100, 1150, 1200, 1300);
  life.resume(1350);
  expect(life.interrupts).toEqual([]);
  expect(life.told).toEqual(['opened -', 'closed -']);
});

describe('what belongs to a quiet that has ended', () => {
  test('its stack is not shown in the next stall', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.look(1100);
    life.capture(1101, 11, [callSite('innocent')]);
    life.context({ request, span });
    life.tick(1105);
    expect(life.told).toEqual([]);
    life.look(1155, 1205, 1231);
    expect(life.told).toEqual(['opened -']);
    expect(life.events[0]?.stall).not.toHaveProperty('request');
  });

  test('its context is not, even when it comes late', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.look(1100);
    life.capture(1101, 11, [callSite('innocent')]);
    life.tick(1105);
    life.context({ request, span });
    life.look(1155, 1205, 1231);
    expect(life.told).toEqual(['opened -']);
    expect(life.events[0]?.stall).not.toHaveProperty('request');
    expect(life.events[0]?.stall).not.toHaveProperty('span');
  });

  test('a capture that stays unanswered is given up, and the next stall has its own', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.look(1100);
    life.calm(1400);
    expect(life.outcomes).toEqual(['failed']);
    life.look(1450, 1500);
    expect(life.interrupts).toEqual([1, 2]);
  });
});

describe('an open debugger port marks a stall', () => {
  test('when the last sample saw it', () => {
    const life = new WatchedLife();
    life.post({ ...sample, inspectorOpen: true });
    life.calm(1050);
    life.look(1100, 1180);
    expect(life.events[0]?.stall.inspectorOpen).toBe(true);
  });

  test('when its stack saw it, before it opened or after', () => {
    const before = new WatchedLife();
    before.calm(1050);
    before.look(1100);
    before.capture(1101, 41, [callSite('sum')], { inspectorOpen: true });
    before.look(1160);
    expect(before.events[0]?.stall.inspectorOpen).toBe(true);

    const after = blockedLife();
    after.look(1260);
    after.capture(1261, 201, [callSite('sum')], { inspectorOpen: true });
    after.resume(1265);
    expect(after.events.map(({ stall }) => stall.inspectorOpen)).toEqual([false, true]);
  });
});

test('a suspension within a stall is told apart from its duration', () => {
  const life = blockedLife();
  life.now = 4165;
  life.thread.suspended(3000);
  life.resume(4167);
  expect(life.events.at(-1)?.stall).toMatchObject({
    suspendedMs: 3000,
    durationMs: expect.closeTo(103.5, 0),
  });
});

describe('the phase', () => {
  const loader = [callSite('load'), callSite('compile', 'node:internal/modules/cjs/loader')];

  test('is startup while the loop has not turned', () => {
    const life = new WatchedLife();
    life.look(50, 100, 125);
    expect(life.events[0]?.stall.phase).toBe('startup');
  });

  test('is told anew by the stack that comes after the opening', () => {
    const life = new WatchedLife();
    life.tick(25);
    life.look(75, 125, 155);
    expect(life.events[0]?.stall.phase).toBe('startup');
    life.capture(156, 120, [callSite('handle'), callSite('emit', 'node:events')]);
    life.context();
    life.look(160);
    expect(life.events[1]?.stall.phase).toBe('running');
  });

  test('is startup where the stack stands on the loader', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.look(1100);
    life.capture(1101, 41, loader);
    life.look(1160);
    expect(life.events[0]?.stall.phase).toBe('startup');
  });

  test('is exiting once the process exits', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.exiting = true;
    life.look(1100, 1180);
    expect(life.events[0]?.stall.phase).toBe('exiting');
  });
});

test('a loop that ticks may be left alone for two heartbeats, and a quiet one for few milliseconds', () => {
  const life = new WatchedLife();
  life.calm(1050);
  expect(life.thread.restMs).toBe(50);
  life.look(1100);
  expect(life.thread.restMs).toBe(5);
  life.tick(1105);
  expect(life.thread.restMs).toBe(50);
});

describe('the cause', () => {
  const turn = { kind: 'queue-turned', id: 1 };

  test('has the collections that are told only after the stall', () => {
    const life = blockedLife();
    life.tick(1275);
    life.post({ kind: 'gc', entries: [{ type: 'major', at: 1080, durationMs: 120 }] });
    life.tick(1300);
    expect(life.events.at(-1)).toMatchObject({
      type: 'closed',
      stall: { cause: 'gc', evidence: { gcMs: 120 }, advice: expect.stringContaining('sum') },
    });
  });

  test('is microtasks where their queue turned while the loop did not', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.look(1100);
    life.capture(1101, 41, [callSite('drain'), callSite('run', 'node:internal/process/task_queues')]);
    life.context();
    life.post({ ...turn, queue: 'microtask', at: 1102 });
    life.look(1160);
    expect(life.events[0]?.stall.cause).toBe('microtasks');
    life.post({ ...turn, queue: 'tick', at: 1399 });
    life.resume(1400);
    expect(life.events.at(-1)?.stall.cause).toBe('microtasks');
  });

  test('is told of a thread that sleeps while it is blocked, before any stack', () => {
    const life = new WatchedLife();
    life.calm(1050);
    life.asleep = true;
    life.look(1100, 1105, 1150, 1174, 1176);
    expect(life.events[0]?.stall).toMatchObject({ cause: 'sync-io', captures: [] });
  });
});

test('the requests in flight are the victims, each for all of the stall', () => {
  const life = new WatchedLife();
  Atomics.store(life.words, 0, 3);
  life.calm(1050);
  life.look(1100, 1150, 1176);
  life.resume(1552);
  const { victims, durationMs } = life.events.at(-1)?.stall ?? expect.fail('no stall');
  expect(victims.requests).toBe(3);
  expect(victims.lostMs).toBeCloseTo(3 * durationMs);
  expect(life.ledger.victims({ id: 0, name: 'main' }).requests).toBe(3);
});
