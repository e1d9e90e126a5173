import { expect, test } from 'vitest';
import { ContinuedCounter } from '../../../src/agent/system/continued-counter.ts';

function shown(readings: readonly (readonly [source: string, value: number])[]): number[] {
  const counter = new ContinuedCounter();
  return readings.map(([source, value]) => counter.show(source, value));
}

test('a counter of one source is shown as it is', () => {
  expect(
    shown([
      ['a', 40],
      ['a', 40],
      ['a', 55],
    ]),
  ).toEqual([40, 40, 55]);
});

test('with another source it goes on from where it stands, up or down', () => {
  expect(
    shown([
      ['a', 40],
      ['b', 1000],
      ['b', 1010],
      ['a', 45],
      ['a', 46],
    ]),
  ).toEqual([40, 40, 50, 50, 51]);
});

test('a source that starts anew takes nothing away', () => {
  expect(
    shown([
      ['a', 40],
      ['a', 3],
      ['a', 5],
    ]),
  ).toEqual([40, 40, 42]);
});
