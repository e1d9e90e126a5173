// A worker that is parked, through a real WatchedThread.
import { describe, expect, test } from 'vitest';
import { callSite, heartbeatMs, WatchedLife } from './watched-life.ts';

const pool = 'file:///srv/app/node_modules/piscina/dist/worker.js';

/** A worker that has come to wait for work, at 1050, and was found to do so. */
function parkedLife(): WatchedLife {
  const life = new WatchedLife({ thread: { id: 1, name: 'worker-1' } });
  life.calm(1050);
  life.place = 'idle';
  life.look(1100, 1125);
  life.capture(1126, 60, [callSite('atomicsWaitLoop', pool)]);
  life.context();
  life.look(1150, 1250, 1350, 1450);
  return life;
}

/** It computes until then. */
function compute(life: WatchedLife, until: number): void {
  life.place = undefined;
  for (let now = life.now + 5; now <= until; now += 5) {
    life.schedule = { ...life.schedule, runMs: life.schedule.runMs + 5 };
    life.look(now);
  }
}

test('is no stall however long it waits, costs one capture, and is looked at seldom', () => {
  const life = parkedLife();
  for (let now = 1550; now < 60_000; now += 100) {
    life.look(now);
  }
  expect(life.told).toEqual([]);
  expect(life.interrupts).toHaveLength(1);
  expect(life.thread.restMs).toBe(100);
  life.place = undefined;
  life.resume(60_000);
  expect(life.told).toEqual([]);
  expect(life.thread.delay.window(0, 0)?.maxMs ?? 0).toBeLessThan(100);
});

describe('a task that blocks', () => {
  test('is a stall from when it began to run until the thread is parked again', () => {
    const life = parkedLife();
    // It has run since 1520, of which the look at 1550 is the first to know.
    life.schedule = { runMs: 30, waitMs: 0 };
    life.place = undefined;
    life.look(1550);
    compute(life, 1640);
    life.capture(1641, 121, [callSite('sum'), callSite('onMessage', pool)]);
    life.context();
    compute(life, 1800);
    life.place = 'idle';
    life.look(1805);
    life.look(1905, 2105);
    expect(life.told).toEqual(['opened -', 'updated sum', 'closed sum']);
    expect(life.events.at(-1)?.stall).toMatchObject({ durationMs: 285, culprit: { function: 'sum' } });
  });

  test('by waiting is a stall, whose end is dated by when the thread came to its new place', () => {
    const life = parkedLife();
    life.place = 'in a task';
    life.asleep = true;
    life.schedule = { runMs: 1, waitMs: 0 };
    life.look(1500, 1550);
    life.capture(1551, 90, [callSite('waitForAnswer', pool), callSite('task'), callSite('onMessage', pool)]);
    life.context();
    life.look(1600, 1605, 1700);
    expect(life.told).toEqual(['opened task']);
    life.place = 'idle elsewhere';
    life.look(1800, 1850);
    life.capture(1851, 90, [callSite('atomicsWaitLoop', pool)]);
    life.context();
    life.look(1900, 2200);
    expect(life.told).toEqual(['opened task', 'closed task']);
    expect(life.events.at(-1)?.stall.durationMs).toBe(1800 - (1450 + 1499) / 2);
  });

  test('in a native call is a stall, with no stack as long as the call lasts', () => {
    const life = parkedLife();
    life.place = undefined;
    life.look(1500, 1550, 1600, 1700);
    expect(life.told).toEqual(['opened -']);
  });
});

test('until its place is judged it is no stall', () => {
  const life = new WatchedLife({ thread: { id: 1, name: 'worker-1' } });
  life.calm(1050);
  life.place = 'somewhere';
  life.look(1100, 1150, 1200, 1400, 1800);
  expect(life.told).toEqual([]);
  expect(life.interrupts).toHaveLength(1);
  expect(life.thread.restMs).toBe(2 * heartbeatMs);
});
