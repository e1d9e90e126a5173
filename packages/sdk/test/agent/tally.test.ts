import { expect, test } from 'vitest';
import { Tally } from '../../src/agent/tally.ts';

test('counts add up by label, in the order in which the labels came', () => {
  const tally = new Tally();
  tally.add('late');
  tally.add('taken', 3);
  tally.add('late', 2);
  expect([...tally.entries()]).toEqual([
    ['late', 3],
    ['taken', 3],
  ]);
});

test('a label may be any text', () => {
  const tally = new Tally();
  tally.add('__proto__');
  tally.add('constructor');
  expect([...tally.entries()]).toEqual([
    ['__proto__', 1],
    ['constructor', 1],
  ]);
});

test('nothing counted is nothing listed', () => {
  expect([...new Tally().entries()]).toEqual([]);
});
