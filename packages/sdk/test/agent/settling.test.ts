import { beforeEach, expect, test } from 'vitest';
import { Settling } from '../../src/agent/settling.ts';

let settled: string[];
let settling: Settling<string>;

beforeEach(() => {
  settled = [];
  settling = new Settling((stall) => settled.push(stall));
});

test('what is over settles with the next tick, in order', () => {
  settling.add('a', 100);
  settling.add('b', 100);
  settling.looked(110, false);
  expect(settled).toEqual([]);
  settling.looked(150, true);
  expect(settled).toEqual(['a', 'b']);
});

test('where none comes, as the loop is blocked again, it waits for no longer than 250 ms', () => {
  settling.add('a', 100);
  settling.looked(349, false);
  expect(settled).toEqual([]);
  settling.looked(350, false);
  expect(settled).toEqual(['a']);
});

test('it settles at once where nothing more will be told', () => {
  settling.add('a', 100);
  settling.settle();
  settling.settle();
  expect(settled).toEqual(['a']);
});
