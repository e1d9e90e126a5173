import { describe, expect, test } from 'vitest';
import { countFileDescriptors } from '../../../src/agent/leaks/file-descriptors.ts';
import { LeakWatch, type ThreadCounts } from '../../../src/agent/leaks/leak-watch.ts';
import { taskTypeOf } from '../../../src/agent/leaks/task-type.ts';
import type { TaskChange } from '../../../src/shared/tasks.ts';
import type { CensusReport, TaskSite } from '../../../src/shared/tasks-report.ts';

class Watched {
  second = 0;
  able = true;
  level: ThreadCounts['level'] = 'counts';
  readonly asked: TaskChange[] = [];
  readonly watch: LeakWatch;

  constructor(searches = true) {
    this.watch = new LeakWatch({
      windowMs: 1000,
      searches,
      census: (_thread, change) => {
        this.asked.push(change);
        return this.able;
      },
    });
  }

  run(seconds: number, counts: (second: number) => Partial<ThreadCounts>): void {
    const end = this.second + seconds;
    for (; this.second < end; this.second += 0.25) {
      this.watch.add({
        thread: 'main',
        at: this.second * 1000,
        level: this.level,
        tasks: undefined,
        resources: undefined,
        collections: Math.floor(this.second),
        operations: this.second * 100,
        ...counts(this.second),
      });
    }
  }
}

const leaking = (second: number): Partial<ThreadCounts> => ({
  tasks: new Map([
    ['Timeout', 30 + Math.round(second * 40)],
    ['TCPWRAP', 500],
  ]),
});

function site(changes: Partial<TaskSite>): TaskSite {
  return {
    type: 'Timeout',
    function: 'remind',
    file: '/srv/a.js',
    line: 7,
    sampled: 1,
    created: 1,
    live: 1,
    survived: 1,
    oldestMs: 1,
    frames: [],
    ...changes,
  };
}

function census(changes: Partial<CensusReport>): CensusReport {
  return {
    state: 'done',
    startedAt: 0,
    seconds: 5,
    promises: false,
    created: 0,
    sampled: 0,
    sampledShare: 0,
    samplingMs: 0,
    untracked: 0,
    types: [],
    sites: [],
    oldest: [],
    ...changes,
  };
}

describe('a leak of tasks', () => {
  test('is told with its type and thread, and no other is', () => {
    const watched = new Watched();
    watched.run(15, leaking);
    expect(watched.watch.leaks()).toMatchObject([{ kind: 'task', type: 'Timeout', thread: 'main' }]);
  });

  test('is looked for once, by a census of its type', () => {
    const watched = new Watched();
    watched.run(20, leaking);
    expect(watched.asked).toEqual([{ level: 'census', seconds: 5, type: 'Timeout' }]);
    expect(watched.watch.leaks()[0]?.census).toBe('running');
  });

  test('is named by the sites whose tasks lasted', () => {
    const watched = new Watched();
    watched.run(15, leaking);
    const sites = [
      site({ function: 'keepAlive', live: 50, survived: 2 }),
      site({ function: 'answer', live: 9, survived: 0 }),
      site({ function: 'remind', live: 20, survived: 12 }),
    ];
    watched.watch.censusEnded('main', census({ only: 'Timeout', sites }));
    const [leak] = watched.watch.leaks();
    expect(leak?.census).toBe('done');
    expect(leak?.sites.map((each) => each.function)).toEqual(['remind', 'keepAlive']);
  });

  test("is named by the application's own site before one of Node's", () => {
    const watched = new Watched();
    watched.run(15, leaking);
    const own: TaskSite['frames'] = [
      { function: 'remind', file: '/srv/a.js', line: 7, column: 1, depth: 3, origin: 'application' },
    ];
    const sites = [site({ function: '(anonymous)', survived: 13 }), site({ survived: 12, frames: own })];
    watched.watch.censusEnded('main', census({ only: 'Timeout', sites }));
    expect(watched.watch.leaks()[0]?.sites.map((each) => each.function)).toEqual(['remind', '(anonymous)']);
  });

  test('is not named by a census of something else', () => {
    const watched = new Watched();
    watched.run(15, leaking);
    watched.watch.censusEnded('main', census({ only: 'TCPWRAP', sites: [site({})] }));
    watched.watch.censusEnded('worker', census({ only: 'Timeout', sites: [site({})] }));
    expect(watched.watch.leaks()[0]).toMatchObject({ census: 'running', sites: [] });
  });

  test('is not looked for where that is off, nor again and again where it can not be', () => {
    const off = new Watched(false);
    off.run(20, leaking);
    expect([off.asked, off.watch.leaks()[0]?.census]).toEqual([[], 'none']);
    const unable = new Watched();
    unable.able = false;
    unable.run(20, leaking);
    expect(unable.watch.leaks()[0]?.census).toBe('none');
  });

  test('is forgotten with its thread', () => {
    const watched = new Watched();
    watched.run(15, leaking);
    watched.watch.forget('main');
    expect(watched.watch.leaks()).toEqual([]);
  });

  test('goes on to be watched during a census of something else', () => {
    const watched = new Watched();
    watched.run(9, leaking);
    watched.level = 'census';
    watched.run(5, leaking);
    expect(watched.watch.leaks().map(({ type }) => type)).toEqual(['Timeout']);
  });

  test('is not seen in what a census of someone else counts for the first time', () => {
    const watched = new Watched();
    watched.level = 'census';
    watched.run(30, leaking);
    expect(watched.watch.leaks()).toEqual([]);
  });
});

describe('a leak of active resources', () => {
  const resources = (second: number): Partial<ThreadCounts> => ({
    resources: { TCPSocketWrap: 30 + Math.round(second * 40), Timeout: 200 },
  });

  test('is told where tasks are not counted, and looked for under the name that hooks give it', () => {
    const watched = new Watched();
    watched.level = 'rate';
    watched.run(15, resources);
    expect(watched.watch.leaks()).toMatchObject([{ kind: 'resource', type: 'TCPSocketWrap' }]);
    expect(watched.asked).toEqual([{ level: 'census', seconds: 5, type: 'TCPWRAP' }]);
  });

  test('is left to the tasks once these are counted', () => {
    const watched = new Watched();
    watched.level = 'rate';
    watched.run(15, resources);
    watched.level = 'counts';
    watched.run(1, () => ({ tasks: new Map() }));
    expect(watched.watch.leaks()).toEqual([]);
  });
});

test("a leak of file descriptors is the whole process's", () => {
  const watched = new Watched();
  const counts = (second: number): ThreadCounts => ({
    thread: 'main',
    at: second * 1000,
    level: 'rate',
    tasks: undefined,
    resources: undefined,
    collections: Math.floor(second),
    operations: second,
  });
  for (let second = 0; second < 15; second += 0.25) {
    watched.watch.addFileDescriptors(Math.round(20 + second * 40), counts(second));
    watched.watch.add(counts(second));
  }
  const [leak] = watched.watch.leaks();
  expect(leak).toMatchObject({ kind: 'file_descriptor', type: 'any' });
  expect(leak).not.toHaveProperty('thread');
  expect(watched.asked).toEqual([{ level: 'census', seconds: 5 }]);
});

test.runIf(process.platform === 'linux')('the descriptors of this process are counted', () => {
  expect(countFileDescriptors()).toBeGreaterThan(3);
});

test.each([
  ['TCPSocketWrap', 'TCPWRAP'],
  ['TCPServerWrap', 'TCPSERVERWRAP'],
  ['FSEventWrap', 'FSEVENTWRAP'],
  ['Timeout', 'Timeout'],
  ['FSReqCallback', 'FSREQCALLBACK'],
])('hooks know a %s as %s', (resource, task) => {
  expect(taskTypeOf(resource)).toBe(task);
});
