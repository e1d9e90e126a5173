import { expect, test } from 'vitest';
import { type Figure, figuresOf, worsened } from '../../bench/harness/record.ts';

const figure = (low: number, high: number, kind: Figure['kind'] = 'at most'): Figure => ({
  value: (low + high) / 2,
  interval: [low, high],
  kind,
});

test('figures are read from what a benchmark has written, where they have an interval', () => {
  const bars = [
    { name: 'main', value: 0.45, interval: [0.44, 0.47] as const, kind: 'at most' as const, limit: 0.6 },
    { name: 'answers', value: 12, kind: 'at most' as const },
  ];
  expect(figuresOf({ bench: 'idle', results: [{ version: 'v24.21.0', bars }] })).toEqual({
    'idle, Node 24: main': { value: 0.45, interval: [0.44, 0.47], kind: 'at most' },
  });
});

test('a figure has worsened where its interval lies beyond the recorded one', () => {
  const recorded = { main: figure(0.4, 0.5), answers: figure(7, 8, 'at least') };
  expect(worsened({ main: figure(0.49, 0.9), answers: figure(5, 7) }, recorded)).toEqual([]);
  expect(worsened({ main: figure(0.1, 0.2), answers: figure(20, 30) }, recorded)).toEqual([]);
  expect(worsened({ main: figure(0.51, 0.9), answers: figure(5, 6.9) }, recorded)).toEqual([
    'worse: main: 0.7050 (0.5100..0.9000), recorded 0.4500 (0.4000..0.5000)',
    'worse: answers: 5.9500 (5.0000..6.9000), recorded 7.5000 (7.0000..8.0000)',
  ]);
});

test('a figure that is measured no more is told, and one that is new is not', () => {
  expect(worsened({ other: figure(1, 2) }, { main: figure(0.4, 0.5) })).toEqual([
    'not measured any more: main',
  ]);
});
