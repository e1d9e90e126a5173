import { describe, expect, test } from 'vitest';
import { HistogramDeltas, spread } from '../../src/main/histogram-deltas.ts';

const boundaries = [0.01, 0.1, 1];

function bucketOf(value: number): number {
  const index = boundaries.findIndex((bound) => value <= bound);
  return index === -1 ? boundaries.length : index;
}

function histogramOf(values: Iterable<number>): { counts: number[]; sum: number } {
  const counts = [0, 0, 0, 0];
  let sum = 0;
  for (const value of values) {
    counts[bucketOf(value)] = (counts[bucketOf(value)] ?? 0) + 1;
    sum += value;
  }
  return { counts, sum };
}

/** A generator of whole numbers that is the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

describe('values that stand for a histogram', () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))(
    'have its counts and its sum (seed %i)',
    (seed) => {
      const random = numbers(seed + 1);
      const original = Array.from({ length: 1 + Math.floor(random() * 40) }, () => 10 ** (random() * 4 - 3));
      const { counts, sum } = histogramOf(original);
      const made = histogramOf(spread(boundaries, counts, sum));
      expect(made.counts).toEqual(counts);
      expect(made.sum).toBeCloseTo(sum, 9);
    },
  );

  test.each([
    ['zeros', [3, 0, 0, 0], 0],
    ['upper bounds', [0, 2, 1, 0], 1.2],
    ['one value beyond the last bound', [0, 0, 0, 1], 40],
    ['nothing', [0, 0, 0, 0], 0],
  ])('are %s', (_, counts, sum) => {
    const made = histogramOf(spread(boundaries, counts, sum));
    expect(made.counts).toEqual(counts);
    expect(made.sum).toBeCloseTo(sum, 12);
  });

  test('stay in their buckets where no values have that sum', () => {
    expect(histogramOf(spread(boundaries, [0, 2, 0, 1], 0)).counts).toEqual([0, 2, 0, 1]);
    expect(histogramOf(spread(boundaries, [1, 1, 0, 0], 99)).counts).toEqual([1, 1, 0, 0]);
  });
});

describe('what is new', () => {
  const point = (counts: number[], sum: number, thread = 'main') => ({
    attributes: { thread },
    boundaries,
    counts,
    count: counts.reduce((all, each) => all + each, 0),
    sum,
  });

  test('is all at first, then the difference, for each series by itself', () => {
    const deltas = new HistogramDeltas();
    expect([...deltas.take('wait', point([1, 0, 0, 0], 0.004))]).toEqual([0.004]);
    expect([...deltas.take('wait', point([1, 0, 0, 0], 0.004))]).toEqual([]);
    expect([...deltas.take('wait', point([1, 0, 0, 1], 5.004))]).toEqual([5]);
    expect([...deltas.take('wait', point([0, 0, 0, 1], 5, 'worker'))]).toEqual([5]);
    expect([...deltas.take('other', point([0, 0, 0, 1], 5))]).toEqual([5]);
  });

  test('is all again where an agent counts anew', () => {
    const deltas = new HistogramDeltas();
    expect([...deltas.take('wait', point([9, 9, 9, 9], 90))]).toHaveLength(36);
    expect([...deltas.take('wait', point([0, 0, 0, 2], 8))]).toEqual([4, 4]);
  });
});
