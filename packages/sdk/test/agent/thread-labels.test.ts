import { describe, expect, test } from 'vitest';
import { sharedLabel, ThreadLabels } from '../../src/agent/thread-labels.ts';

describe('a label', () => {
  test('is the name and the lowest free slot', () => {
    const labels = new ThreadLabels();
    expect(['', '', 'render', ''].map((name) => labels.take(name))).toEqual([
      'worker-1',
      'worker-2',
      'render-1',
      'worker-3',
    ]);
    labels.release('worker-2');
    expect(labels.take('')).toBe('worker-2');
  });

  test('is plain, and short', () => {
    const labels = new ThreadLabels();
    expect(labels.take('a"b\n\u{1F600}')).toMatch(/^[\w-]+$/);
    expect(labels.take('x'.repeat(1000)).length).toBeLessThan(50);
  });

  test('leaves out what Node calls a thread without a name', () => {
    expect(new ThreadLabels().take('WorkerThread')).toBe('worker-1');
  });
});

test('a pool that restarts its workers for ever has the labels of its size', () => {
  const labels = new ThreadLabels();
  const seen = new Set<string>();
  for (let round = 0; round < 1000; round += 1) {
    const taken = Array.from({ length: 8 }, () => labels.take(''));
    for (const label of taken) {
      seen.add(label);
      labels.release(label);
    }
  }
  expect(seen.size).toBe(8);
});

test('names that are made up anew for each worker are bounded', () => {
  const labels = new ThreadLabels();
  const seen = new Set<string>();
  for (let index = 0; index < 1000; index += 1) {
    const label = labels.take(`job-${index}`);
    seen.add(label);
    labels.release(label);
  }
  expect(seen.size).toBe(21);
});

test('what is beyond the bound shares a label, which is never used up', () => {
  const labels = new ThreadLabels();
  const taken = Array.from({ length: 200 }, () => labels.take(''));
  expect(new Set(taken).size).toBe(129);
  expect(taken.at(-1)).toBe(sharedLabel);
  labels.release(sharedLabel);
  labels.release('worker-7');
  expect(labels.take('')).toBe('worker-7');
  expect(labels.take('')).toBe(sharedLabel);
});
