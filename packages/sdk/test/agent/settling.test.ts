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

test('what the thread was asked for is waited for, beyond the tick, and what follows keeps its place', () => {
  const asked = new Set(['a']);
  const waiting = new Settling<string>(
    (stall) => settled.push(stall),
    (stall) => asked.has(stall),
  );
  waiting.add('a', 100);
  waiting.add('b', 120);
  waiting.looked(150, true);
  expect(settled).toEqual([]);
  asked.delete('a');
  waiting.looked(160, false);
  expect(settled).toEqual(['a', 'b']);
});

test('what was asked for and does not come is waited for no longer than a second', () => {
  const waiting = new Settling<string>(
    (stall) => settled.push(stall),
    () => true,
  );
  waiting.add('a', 100);
  waiting.looked(1099, true);
  expect(settled).toEqual([]);
  waiting.looked(1100, false);
  expect(settled).toEqual(['a']);
});
