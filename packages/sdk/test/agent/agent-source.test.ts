import { expect, test } from 'vitest';
import { AgentSource } from '../../src/agent/agent-source.ts';
import { AlertBook } from '../../src/agent/alert-book.ts';
import { ownSchedulePath, ThreadScheduleReader } from '../../src/agent/thread-schedule.ts';

function newSource(): AgentSource {
  return new AgentSource({
    threads: new Map(),
    ownSchedule: new ThreadScheduleReader(ownSchedulePath),
    exiting: () => false,
    poolSize: undefined,
    alerts: new AlertBook([], () => {}),
    start: 1,
    options: { taskPromises: false, leakCensus: false, leakWindowMs: 60_000 },
    changeTasks: () => expect.fail('nobody asked'),
    published: () => {},
    debug: () => {},
  });
}

const minor = { 'v8js.gc.type': 'minor', thread: 'main' };

test('what is recorded before the ways out listen is told to each of them, once and in order', () => {
  const source = newSource();
  source.record('v8js.gc.duration', 1, minor);
  source.record('v8js.gc.duration', 2, minor);
  const told: [string, number][] = [];
  source.onRecord((_name, value) => told.push(['first', value]));
  source.onRecord((_name, value) => told.push(['second', value]));
  source.record('v8js.gc.duration', 3, minor);
  expect(told).toEqual([]);
  source.opened();
  source.record('v8js.gc.duration', 4, minor);
  for (const name of ['first', 'second']) {
    expect(told.filter(([each]) => each === name).map(([, value]) => value)).toEqual([1, 2, 3, 4]);
  }
});

test('without a way out nothing is kept', () => {
  const source = newSource();
  source.record('v8js.gc.duration', 1, minor);
  source.opened();
  const told: number[] = [];
  source.onRecord((_name, value) => told.push(value));
  source.record('v8js.gc.duration', 2, minor);
  expect(told).toEqual([2]);
});
