import { expect, test } from 'vitest';
import { ownBars, peerBars } from '../../../bench/accuracy/bars.ts';
import { findingsOf } from '../../../bench/accuracy/scoring.ts';
import type { Run } from '../../../bench/accuracy/truth.ts';
import { isHeld } from '../../../bench/harness/bar.ts';
import { aBlock, aReportOf, aRun, thresholdMs } from './examples.ts';

const blocks = [aBlock(0, 100), aBlock(1_000, 100, { kind: 'json-parse' })];
const right = blocks.map((block) => aReportOf(block));

function missedBars(run: Partial<Run>): readonly string[] {
  const findings = findingsOf([aRun(run)], thresholdMs);
  return ownBars('', { findings, quietMinutes: 0 }, thresholdMs)
    .filter((bar) => !isHeld(bar))
    .map(({ name }) => name);
}

test('all bars hold where everything is right', () => {
  expect(missedBars({ blocks, reports: right })).toEqual([]);
});

test.each([
  ['a missed block', right.slice(1), 'recall of blocks of 65 ms or more'],
  ['a false report', [...right, aReportOf(aBlock(5_000, 100))], 'precision'],
  ['a late stack', right.map((each) => ({ ...each, stackAt: 1e6 })), 'first report with a stack'],
  ['a wrong duration', right.map((each) => ({ ...each, durationMs: 116 })), 'duration error, p95'],
  ['another cause', right.map((each) => ({ ...each, cause: 'gc' })), 'cause right'],
  [
    'another culprit',
    right.map((each) => ({ ...each, culprit: { function: 'f', file: '/f', line: 1 } })),
    'wrong culprits without the late mark',
  ],
])('%s misses its bar', (_, reports, bar) => {
  expect(missedBars({ blocks, reports }).join()).toContain(bar);
});

test('a peer that is ahead misses the bar', () => {
  const own = findingsOf([aRun({ blocks, reports: right.slice(1) })], thresholdMs);
  const peer = findingsOf([aRun({ blocks, reports: right })], thresholdMs);
  const missed = peerBars(own, new Map([['peer', peer]])).filter((bar) => !isHeld(bar));
  expect(missed.map(({ name }) => name)).toContain('recall, beside peer');
  expect(peerBars(peer, new Map([['peer', own]])).every(isHeld)).toBe(true);
});
