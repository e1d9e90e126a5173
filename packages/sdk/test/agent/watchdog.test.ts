import { describe, expect, test } from 'vitest';
import { Watchdog, type WatchdogAction } from '../../src/agent/watchdog.ts';
import { heartbeatInterval } from '../../src/main/heartbeat.ts';
import { misjudged, type Tolerance } from './misjudged.ts';
import { calmStep, fineStep, type WatchOptions, watch } from './simulated-watch.ts';

/** A sum of intervals that can't be: the looks alone then date the ticks. */
const astray = (): number => 0;

const schedules = 60;
const thresholds = [20, 100, 1000] as const;

function options(thresholdMs: number, changes: Partial<WatchOptions> = {}): WatchOptions {
  const heartbeatMs = heartbeatInterval(thresholdMs);
  return {
    thresholdMs,
    heartbeatMs,
    blocks: 40,
    nativeShare: 0.3,
    busyShare: 0,
    suspensions: 0,
    answers: true,
    latestMs: heartbeatMs / 20,
    ...changes,
  };
}

/** The promise: a heartbeat, and a look, are all that a verdict may be wrong by. */
function promised({ heartbeatMs, latestMs, answers }: WatchOptions): Tolerance {
  const fineMs = fineStep(heartbeatMs) + latestMs;
  const calmMs = calmStep(heartbeatMs) + latestMs;
  return {
    // Without an answer the start is known to a calm look only, and a doubtful stall is not opened.
    missedMs: heartbeatMs + (answers ? fineMs : calmMs),
    falseMs: heartbeatMs + fineMs,
    startMs: heartbeatMs + calmMs,
    endMs: fineMs,
    suspensionMs: calmMs,
  };
}

/** Each line names the seed that shows it again. */
function misjudgedIn(each: WatchOptions): readonly string[] {
  return Array.from({ length: schedules }, (_, seed) =>
    misjudged(watch(seed, each), each.thresholdMs, promised(each)).map((line) => `seed ${seed}: ${line}`),
  ).flat();
}

describe('on random schedules of blocks, every stall is reported once and no other', () => {
  test.each(thresholds)('by a threshold of %i ms, on a loop that is idle between', (thresholdMs) => {
    expect(misjudgedIn(options(thresholdMs))).toEqual([]);
  });

  test.each([0.1, 0.5, 0.95])('on a loop that is active for a share of %f between', (busyShare) => {
    expect(misjudgedIn(options(100, { busyShare }))).toEqual([]);
  });

  test('where all code is native and answers as it returns', () => {
    expect(misjudgedIn(options(100, { nativeShare: 1 }))).toEqual([]);
  });

  test.each(thresholds)('by a threshold of %i ms, where no capture is answered', (thresholdMs) => {
    expect(misjudgedIn(options(thresholdMs, { answers: false }))).toEqual([]);
  });

  test.each([true, false])(
    'where the process is suspended now and then; captures answered: %s',
    (answers) => {
      expect(misjudgedIn(options(100, { suspensions: 6, answers }))).toEqual([]);
    },
  );

  test.each([true, false])('where the agent itself is late; captures answered: %s', (answers) => {
    expect(misjudgedIn(options(100, { latestMs: 30, answers }))).toEqual([]);
  });
});

test('a loop that only ticks is never reported, nor asked for a stack', () => {
  const idle = Array.from({ length: schedules }, (_, seed) => watch(seed, options(100, { blocks: 0 })));
  expect(idle.map(({ stalls, mostCaptures }) => [stalls.length, mostCaptures])).toEqual(
    idle.map(() => [0, 0]),
  );
});

/** What is done in a block that begins at 0, right after a tick, by looks each 5 ms. */
function actionsOf(watchdog: Watchdog, untilMs: number): (WatchdogAction & { readonly at: number })[] {
  return Array.from({ length: untilMs / 5 }, (_, index) => (index + 1) * 5).flatMap((at) =>
    watchdog.look(at, 0, astray).map((action) => ({ ...action, at })),
  );
}

test('the captures of one stall become rarer and end, however long it lasts', () => {
  const actions = actionsOf(new Watchdog(100, 25, 0), 300_000);
  const captures = actions.filter(({ kind }) => kind === 'capture').map(({ at }) => at);
  expect(captures).toEqual([100, 200, 400, 1600, 6400, 25_600, 102_400]);
});

test('a boot in which the loop never turned is one stall from the join on', () => {
  const watchdog = new Watchdog(100, 25, 0);
  const opened = actionsOf(watchdog, 1500).filter(({ kind }) => kind !== 'capture');
  expect(opened).toEqual([{ kind: 'open', start: 0, at: 125 }]);
  expect(watchdog.tickedMs).toBe(0);
  expect(watchdog.look(1510, 1, astray)).toEqual([{ kind: 'close', end: 1505 }]);
  expect(watchdog.tickedMs).toBe(25);
});

describe('an answer', () => {
  test('dates the start of a stall in progress, within what the ticks allow', () => {
    const watchdog = new Watchdog(100, 25, 0);
    watchdog.look(50, 1, astray);
    actionsAt(watchdog, [100, 150, 180], 1);
    expect(watchdog.answered(181, 121)).toBe(60);
    expect(watchdog.look(200, 2, astray)).toEqual([{ kind: 'close', end: 190.5 }]);
  });

  test('opens a stall that is long enough by it, before the ticks alone would', () => {
    const watchdog = new Watchdog(100, 25, 0);
    watchdog.look(50, 1, astray);
    expect(actionsAt(watchdog, [100], 1)).toEqual([{ kind: 'capture' }]);
    expect(watchdog.answered(101, 60)).toBeUndefined();
    expect(actionsAt(watchdog, [140, 142], 1)).toEqual([{ kind: 'open', start: 41 }]);
  });

  test('that comes as the block ends still reports the block', () => {
    const watchdog = new Watchdog(100, 25, 0);
    watchdog.look(50, 1, astray);
    actionsAt(watchdog, [100], 1);
    watchdog.answered(158, 117);
    expect(watchdog.look(160, 2, astray)).toEqual([
      { kind: 'open', start: 41 },
      { kind: 'close', end: 159 },
    ]);
  });

  test('to a quiet that has ended dates nothing', () => {
    const watchdog = new Watchdog(100, 25, 0);
    watchdog.look(50, 1, astray);
    actionsAt(watchdog, [100, 150], 1);
    watchdog.look(160, 2, astray);
    expect(watchdog.answered(155, 120)).toBeUndefined();
    // It would have opened the next stall at 250.
    expect(actionsAt(watchdog, [210, 270, 284], 2)).toEqual([{ kind: 'capture' }]);
    expect(actionsAt(watchdog, [285], 2)).toEqual([{ kind: 'open', start: 160 }]);
  });

  test('from before the first turn of the loop, which has no reading, dates nothing', () => {
    const watchdog = new Watchdog(100, 25, 0);
    actionsAt(watchdog, [50, 100], 0);
    expect(watchdog.answered(101, 0)).toBeUndefined();
    expect(actionsAt(watchdog, [120, 125], 0)).toEqual([{ kind: 'open', start: 0 }]);
  });
});

function actionsAt(watchdog: Watchdog, moments: readonly number[], count: number): WatchdogAction[] {
  return moments.flatMap((now) => watchdog.look(now, count, astray));
}

describe('the first turn', () => {
  test('ends a boot before a tick does, and what blocks next is a stall of its own', () => {
    const watchdog = new Watchdog(100, 25, 0);
    expect(watchdog.look(130, 0, astray).map(({ kind }) => kind)).toEqual(['open', 'capture']);
    expect(watchdog.turned(400)).toEqual([{ kind: 'close', end: 400 }]);
    expect(watchdog.look(405, 0, astray)).toEqual([]);
    expect(watchdog.look(560, 0, astray)).toContainEqual({ kind: 'open', start: 400 });
  });

  test('reports a boot that no look found long enough', () => {
    const watchdog = new Watchdog(100, 25, 0);
    watchdog.look(90, 0, astray);
    expect(watchdog.turned(110)).toEqual([
      { kind: 'open', start: 0 },
      { kind: 'close', end: 110 },
    ]);
  });

  test('is news only once', () => {
    const watchdog = new Watchdog(100, 25, 0);
    watchdog.look(50, 1, astray);
    expect(watchdog.turned(200)).toEqual([]);
  });
});

test('a block that came and went before a late look is reported, though the loop has ticked again', () => {
  const [thresholdMs, heartbeatMs] = [50, 12];
  const watchdog = new Watchdog(thresholdMs, heartbeatMs, 0);
  const ticks = Array.from({ length: 200 }, (_, index) => 5 + index * heartbeatMs);
  const lastTick = ticks.at(-1) as number;
  // A block of 67 ms from right after a tick, and the ticks after it.
  ticks.push(lastTick + 68, lastTick + 80);
  const look = (now: number): readonly WatchdogAction[] => {
    const count = ticks.filter((tick) => tick <= now).length;
    return watchdog.look(now, count, () => (ticks[count - 1] as number) - 5);
  };
  // Looks whose phase drifts against the ticks, so that these are dated well.
  for (let at = 20; at < lastTick; at += 24.3) {
    expect(look(at)).toEqual([]);
  }
  look(lastTick + 0.5);
  const actions = look(lastTick + 90);
  expect(actions.map(({ kind }) => kind)).toEqual(['open', 'close']);
  const [open, close] = actions as unknown as [{ start: number }, { end: number }];
  expect(close.end - open.start).toBeGreaterThanOrEqual(62);
  expect(close.end - open.start).toBeLessThanOrEqual(74);
});
