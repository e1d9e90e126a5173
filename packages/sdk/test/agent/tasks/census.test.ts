import { describe, expect, test } from 'vitest';
import { framesOf } from '../../../src/agent/frames.ts';
import { ThreadTasks } from '../../../src/agent/tasks/thread-tasks.ts';
import { monotonicNow } from '../../../src/shared/clock.ts';
import type { RawCallSite } from '../../../src/shared/raw-call-site.ts';
import type { CensusMessage } from '../../../src/shared/tasks.ts';
import type { CensusReport } from '../../../src/shared/tasks-report.ts';

const ownScript = 'file:///srv/register.js';
const frames = (callSites: readonly RawCallSite[]): ReturnType<typeof framesOf> =>
  framesOf(callSites, ownScript);

function callSite(functionName: string, scriptName: string, lineNumber = 1): RawCallSite {
  return { functionName, scriptName, lineNumber, columnNumber: 1 };
}

const start = monotonicNow();
const inHook = [
  callSite('init', ownScript),
  callSite('emitInitNative', 'node:internal/async_hooks'),
  callSite('setTimeout', 'node:timers'),
];

const started: CensusMessage = {
  kind: 'census',
  part: 'started',
  id: 3,
  at: start,
  seconds: 10,
  promises: false,
};

const sites: CensusMessage = {
  kind: 'census',
  part: 'sites',
  id: 3,
  sites: [
    {
      type: 'Timeout',
      sampled: 4,
      created: 40,
      callSites: [...inHook, callSite('remind', 'file:///srv/a.js', 7)],
    },
    {
      type: 'Timeout',
      sampled: 1,
      created: 1,
      callSites: [...inHook, callSite('remind', 'file:///srv/a.js', 7), callSite('b', 'file:///srv/b.js')],
    },
    { type: 'TCPWRAP', sampled: 2, created: 2, callSites: inHook.slice(0, 2) },
  ],
};

/** Two timers live that were sampled at the first site, one that was not, and one older than the census. */
const live: CensusMessage = {
  kind: 'census',
  part: 'live',
  id: 3,
  anew: true,
  ids: Float64Array.of(0, 150, 190, 195, 50, 0),
  types: Uint8Array.of(0, 1, 1, 1, 2, 0),
  sites: Uint16Array.of(0, 1, 1, 0, 0, 0),
};

const ended: CensusMessage = {
  kind: 'census',
  part: 'ended',
  id: 3,
  at: start + 10_000,
  types: ['other', 'Timeout', 'TCPWRAP'],
  created: [0, 45, 2],
  sampled: [0, 5, 2],
  samplingMs: 1.23456,
  firstId: 100,
  moments: Float64Array.of(40, start - 60_000, 60, start - 60_000, 100, start, 200, start + 10_000),
  untracked: 0,
};

function census(...messages: CensusMessage[]): CensusReport {
  const tasks = new ThreadTasks();
  for (const message of messages) {
    tasks.addCensus(message, frames);
  }
  return tasks.census ?? expect.fail('there is no census');
}

describe('a census', () => {
  test('is shown as running until its end has come', () => {
    expect(census(started, live, sites)).toMatchObject({
      state: 'running',
      seconds: 10,
      types: [],
      sites: [],
    });
  });

  const report = census(started, live, sites, ended);

  test('tells how many were created, and which share was sampled', () => {
    expect(report).toMatchObject({
      state: 'done',
      created: 47,
      sampled: 7,
      sampledShare: 0.1489,
      samplingMs: 1.235,
      promises: false,
    });
    expect(Math.abs(report.startedAt - Date.now())).toBeLessThan(60_000);
  });

  test('tells the live tasks and their ages by type, the most first', () => {
    expect(report.types).toEqual([
      {
        type: 'Timeout',
        created: 45,
        sampled: 5,
        live: 3,
        ages: { under1s: 1, under10s: 2, under1min: 0, under10min: 0, older: 0 },
        oldestMs: 5000,
      },
      {
        type: 'TCPWRAP',
        created: 2,
        sampled: 2,
        live: 1,
        ages: { under1s: 0, under10s: 0, under1min: 0, under10min: 1, older: 0 },
        oldestMs: 70_000,
      },
    ]);
  });

  test('names creation sites once each, and estimates what the samples stand for', () => {
    expect(report.sites.map(({ frames: _, ...site }) => site)).toEqual([
      {
        type: 'Timeout',
        function: 'remind',
        file: '/srv/a.js',
        line: 7,
        sampled: 5,
        created: 41,
        live: 20,
        survived: 10,
        oldestMs: 5000,
      },
      {
        type: 'TCPWRAP',
        function: '(anonymous)',
        file: '',
        line: 0,
        sampled: 2,
        created: 2,
        live: 0,
        survived: 0,
        oldestMs: 0,
      },
    ]);
    expect(report.sites[0]?.frames.map((frame) => frame.function)).toEqual(['remind', 'setTimeout']);
  });

  test('lists the oldest, with where they were created if that is known', () => {
    expect(report.oldest.map(({ type, ageMs, site }) => [type, ageMs, site?.function])).toEqual([
      ['TCPWRAP', 70_000, undefined],
      ['Timeout', 5000, 'remind'],
      ['Timeout', 1000, 'remind'],
      ['Timeout', 500, undefined],
    ]);
  });
});

test('what was told of live tasks is void once the table has been laid out anew', () => {
  expect(census(started, live, { ...live, ids: new Float64Array(6) }, sites, ended).types).toMatchObject([
    { type: 'Timeout', live: 0 },
    { type: 'TCPWRAP', live: 0 },
  ]);
});

test('the end of another census is not taken for this one', () => {
  expect(census(started, { ...ended, id: 2 }).state).toBe('running');
});

test('names of the application are escaped and cut', () => {
  const hostile = '\u001b[31m"\n'.repeat(1000);
  const report = census({ ...started, only: hostile }, live, sites, {
    ...ended,
    types: ['other', hostile, hostile],
  });
  for (const text of [report.only ?? '', ...report.types.map(({ type }) => type)]) {
    expect(text).toMatch(/^[\x20-\x7e…]{1,120}$/);
  }
});

test('there are at most ten of the oldest, and they are the oldest', () => {
  const ids = Float64Array.from({ length: 5000 }, (_, index) => 101 + ((index * 37) % 5000));
  const report = census(
    started,
    { ...live, ids, types: new Uint8Array(5000), sites: new Uint16Array(5000) },
    { ...ended, moments: Float64Array.of(101, start, 5101, start + 5000), at: start + 5000 },
  );
  expect(report.oldest.map(({ ageMs }) => ageMs)).toEqual(Array.from({ length: 10 }, (_, age) => 5000 - age));
});
