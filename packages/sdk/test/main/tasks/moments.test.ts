import { expect, test } from 'vitest';
import { TaskClock } from '../../../src/agent/tasks/task-ages.ts';
import { Moments } from '../../../src/main/tasks/moments.ts';

test('moments are kept in rising order of their ids', () => {
  const moments = new Moments();
  moments.note(10, 100);
  moments.note(10, 200);
  moments.note(9, 300);
  moments.note(30, 400);
  expect([...moments.pairs()]).toEqual([10, 100, 30, 400]);
});

test('after days they are still few, and old ages are still about right', () => {
  const moments = new Moments();
  const seconds = 3 * 86_400;
  for (let second = 0; second <= seconds; second += 1) {
    moments.note(second * 50 + 1, second * 1000);
  }
  expect(moments.pairs().length).toBeLessThanOrEqual(4096);
  const clock = new TaskClock(moments.pairs(), seconds * 1000);
  for (const second of [0, 1000, 86_400, 2 * 86_400, seconds - 60, seconds]) {
    const age = (seconds - second) * 1000;
    expect(Math.abs(clock.age(second * 50 + 1) - age)).toBeLessThanOrEqual(1000 + age * 0.02);
  }
});

test('ages lie between the moments; what is newer than the last has none, what is older than the first is at least as old', () => {
  const clock = new TaskClock(Float64Array.of(100, 1000, 200, 2000), 5000);
  expect([100, 150, 200, 201, 3].map((id) => clock.age(id))).toEqual([4000, 3500, 3000, 0, 4000]);
  expect(new TaskClock(new Float64Array(), 5000).age(7)).toBe(0);
});
