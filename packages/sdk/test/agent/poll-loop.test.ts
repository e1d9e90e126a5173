import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PollLoop } from '../../src/agent/poll-loop.ts';
import type { Activity } from '../../src/agent/suspension.ts';

let now: number;
let looks: number[];
let suspensions: number[];
let failures: unknown[];
/** What the next look does. */
let onLook: (now: number) => number;
let activity: Activity | undefined;
let pollLoop: PollLoop;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  now = 1000;
  looks = [];
  suspensions = [];
  failures = [];
  onLook = () => 50;
  activity = used({});
  pollLoop = new PollLoop({
    now: () => now,
    activity: () => activity,
    look: (at) => {
      looks.push(at);
      return onLook(at);
    },
    suspended: (gapMs) => suspensions.push(gapMs),
    failed: (error) => failures.push(error),
  });
});

afterEach(() => {
  pollLoop.stop();
  vi.useRealTimers();
});

/** What agent and main thread have done so far. */
function used(changes: Partial<Activity>): Activity {
  return { agentRunMs: 0, agentWaitMs: 0, mainBusyMs: 0, ...changes };
}

/** Lets the time pass in which the loop sleeps, and some more in which nothing of the process ran. */
function pass(ms: number, standstillMs = 0): void {
  now += ms + standstillMs;
  vi.advanceTimersByTime(ms);
}

test('it looks when it is woken, and then at the pace that each look asks for', () => {
  onLook = (at) => (at < 1100 ? 50 : 5);
  pollLoop.wake();
  pass(50);
  pass(50);
  pass(5);
  pass(5);
  expect(looks).toEqual([1000, 1050, 1100, 1105, 1110]);
});

test('it begins at once when it is started', () => {
  pollLoop.start();
  pass(1);
  expect(looks).toHaveLength(1);
});

test('a wake within a sleep looks at once, and does not double the pace', () => {
  pollLoop.wake();
  pass(20);
  pollLoop.wake();
  pass(49);
  expect(looks).toEqual([1000, 1020]);
  pass(1);
  expect(looks).toEqual([1000, 1020, 1070]);
});

test('it does not look once it is stopped', () => {
  pollLoop.wake();
  pollLoop.stop();
  pass(1000);
  expect(looks).toEqual([1000]);
});

test('a stop from within a look ends it too', () => {
  onLook = () => {
    pollLoop.stop();
    return 50;
  };
  pollLoop.wake();
  pass(1000);
  expect(looks).toEqual([1000]);
});

describe('a late wake', () => {
  beforeEach(() => pollLoop.wake());

  test('without any use of a CPU is told as a suspension of that length, before the look', () => {
    onLook = () => {
      expect(suspensions).toEqual([3000]);
      return 50;
    };
    pass(50, 3000);
    expect(suspensions).toEqual([3000]);
    expect(failures).toEqual([]);
  });

  test('that the agent spent waiting for a CPU is none', () => {
    activity = used({ agentRunMs: 10, agentWaitMs: 200 });
    pass(50, 300);
    expect(suspensions).toEqual([]);
    expect(looks).toHaveLength(2);
  });

  test('during which the main thread ran on is none', () => {
    activity = used({ mainBusyMs: 200 });
    pass(50, 300);
    expect(suspensions).toEqual([]);
  });

  test('is judged by what was used within the sleep only', () => {
    activity = used({ agentWaitMs: 5000, mainBusyMs: 5000 });
    pass(50, 60);
    expect(suspensions).toEqual([]);
    pass(50, 300);
    expect(suspensions).toEqual([300]);
  });

  test('is a suspension where the system tells nothing', () => {
    activity = undefined;
    pass(50);
    pass(50, 300);
    expect(suspensions).toEqual([300]);
  });

  test('of ordinary length is none', () => {
    pass(50, 49);
    expect(suspensions).toEqual([]);
  });

  test('is told once: the next sleep counts from the look', () => {
    pass(50, 3000);
    pass(50);
    pass(50);
    expect(suspensions).toEqual([3000]);
  });

  test('when woken by a join early is no lateness', () => {
    pass(10);
    pollLoop.wake();
    expect(suspensions).toEqual([]);
  });
});

test('a look that throws is reported, and the looking goes on', () => {
  const error = new Error('a look that fails');
  onLook = () => {
    throw error;
  };
  pollLoop.wake();
  pass(50);
  onLook = () => 50;
  pass(50);
  expect(failures).toEqual([error, error]);
  expect(looks).toEqual([1000, 1050, 1100]);
});
