import { expect, test } from 'vitest';
import { summarizeLatencies } from '../src/latency-summary.ts';

test('median and slowest are of the sorted latencies', () => {
  expect(summarizeLatencies([402.4, 2, 9, 3.2, 2.6])).toEqual({ requests: 5, medianMs: 3, slowestMs: 402 });
});

test('no answers give zeros', () => {
  expect(summarizeLatencies([])).toEqual({ requests: 0, medianMs: 0, slowestMs: 0 });
});
