import { expect, test } from 'vitest';
import { ThreadTasks } from '../../../src/agent/tasks/thread-tasks.ts';

test('nothing is reported before the first sample', () => {
  expect(new ThreadTasks().report('main')).toBeUndefined();
});

test('operations per second are over the last 15 s', () => {
  const tasks = new ThreadTasks();
  for (let second = 0; second <= 60; second += 1) {
    const operations = second < 45 ? second * 10 : 450 + (second - 45) * 100;
    tasks.add({ level: 'rate', promises: false, operations }, second * 1000);
  }
  expect(tasks.report('main')).toEqual({
    thread: 'main',
    level: 'rate',
    promises: false,
    operationsPerSecond: 100,
  });
});

test('a rate of before the level was off is forgotten', () => {
  const tasks = new ThreadTasks();
  tasks.add({ level: 'rate', promises: false, operations: 10 }, 1000);
  tasks.add({ level: 'off', promises: false }, 2000);
  tasks.add({ level: 'rate', promises: false, operations: 5000 }, 3000);
  expect(tasks.report('main')).toEqual({ thread: 'main', level: 'rate', promises: false });
});

test('counts are told the most live first, under names that are safe', () => {
  const tasks = new ThreadTasks();
  const counts = [
    { type: 'TickObject', created: 90, destroyed: 90, live: 0 },
    { type: `${'x'.repeat(200)}1`, created: 5, destroyed: 1, live: 4 },
    { type: `${'x'.repeat(200)}2`, created: 5, destroyed: 2, live: 3 },
    { type: 'a\n"b"', created: 1, destroyed: 0, live: 1 },
  ];
  tasks.add({ level: 'counts', promises: false, operations: 1, counts, untracked: 2 }, 1000);
  expect(tasks.report('main')).toMatchObject({
    untracked: 2,
    counts: [
      { type: `${'x'.repeat(79)}…`, created: 10, destroyed: 3, live: 7 },
      { type: 'a\\u000a"b"', live: 1 },
      { type: 'TickObject', live: 0 },
    ],
  });
  expect(tasks.live?.get('TickObject')).toBe(0);
});

test('what was created stays told when tasks are no longer counted; what is live does not', () => {
  const tasks = new ThreadTasks();
  const counts = [{ type: 'Timeout', created: 9, destroyed: 2, live: 7 }];
  tasks.add({ level: 'counts', promises: false, operations: 1, counts }, 1000);
  tasks.add({ level: 'rate', promises: false, operations: 2 }, 2000);
  expect([tasks.counts, tasks.live, tasks.everCounted]).toEqual([undefined, undefined, counts]);
});
