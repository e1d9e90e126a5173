import { expect, test } from 'vitest';
import { EndedThreads } from '../../src/agent/ended-threads.ts';
import type { Observations } from '../../src/agent/observations.ts';

const counter = 'loopscope.eventloop.iterations';
const lost = 'loopscope.eventloop.stall.time';
const gauge = 'loopscope.eventloop.stall.active';

function found(
  ...list: [name: typeof counter | typeof lost | typeof gauge, thread: string, value: number][]
): Observations {
  const result: Observations = new Map();
  for (const [name, thread, value] of list) {
    result.set(name, [...(result.get(name) ?? []), { value, attributes: { thread } }]);
  }
  return result;
}

const values = (observations: Observations, name: typeof counter | typeof gauge | typeof lost): unknown =>
  observations.get(name)?.map(({ value, attributes }) => [attributes['thread'], value]);

test("a label's counters stay when its thread ends, and the next thread adds to them", () => {
  const ended = new EndedThreads();
  ended.keep('worker-1', found([counter, 'worker-1', 40]), found());
  const alone = found([counter, 'main', 7]);
  ended.addTo(alone);
  expect(values(alone, counter)).toEqual([
    ['main', 7],
    ['worker-1', 40],
  ]);
  const taken = found([counter, 'worker-1', 2]);
  ended.addTo(taken);
  expect(values(taken, counter)).toEqual([['worker-1', 42]]);
  ended.keep('worker-1', found([counter, 'worker-1', 5]), found());
  const later = found();
  ended.addTo(later);
  expect(values(later, counter)).toEqual([['worker-1', 45]]);
});

test('its gauges end with the thread, and what the process holds by label is not counted twice', () => {
  const ended = new EndedThreads();
  ended.keep('worker-1', found([gauge, 'worker-1', 1], [lost, 'worker-1', 3]), found([lost, 'worker-1', 3]));
  const later = found([lost, 'worker-1', 3]);
  ended.addTo(later);
  expect(values(later, gauge)).toBeUndefined();
  expect(values(later, lost)).toEqual([['worker-1', 3]]);
});
