import { describe, expect, test } from 'vitest';
import { matchRun } from '../../../bench/accuracy/matching.ts';
import type { Report, Run } from '../../../bench/accuracy/truth.ts';
import { aBlock, aReportOf, aRun, thresholdMs } from './examples.ts';

function outcomes(run: Partial<Run>): readonly string[] {
  return matchRun(aRun(run), thresholdMs).verdicts.map((verdict) =>
    verdict.outcome === 'found' ? 'found' : `${verdict.outcome}: ${verdict.why}`,
  );
}

describe('a report of a block', () => {
  const block = aBlock(1_000, 200);

  test('finds it', () => {
    const matched = matchRun(aRun({ blocks: [block], reports: [aReportOf(block)] }), thresholdMs);
    expect(matched.verdicts).toMatchObject([{ outcome: 'found', block }]);
    expect(matched.missed).toEqual([]);
  });

  test('that is dated a little wrong still finds it', () => {
    const span = { start: 985, end: 1_190 };
    expect(outcomes({ blocks: [block], reports: [aReportOf(block, { span })] })).toEqual(['found']);
  });

  test('of another thread does not', () => {
    const run = { blocks: [block], reports: [aReportOf(block, { thread: 1 })] };
    expect(outcomes(run)).toEqual(['false: nothing stopped']);
    expect(matchRun(aRun(run), thresholdMs).missed).toEqual([block]);
  });

  test('that only touches it does not', () => {
    const span = { start: 1_150, end: 1_700 };
    expect(outcomes({ blocks: [block], reports: [aReportOf(block, { span })] })).not.toEqual(['found']);
  });

  test('told twice is false the second time, whatever the clock recorded of that block', () => {
    const gaps = [{ thread: 0, start: 998, end: 1_201 }];
    const reports = [aReportOf(block), aReportOf(block)];
    expect(outcomes({ blocks: [block], gaps, reports })).toEqual(['found', 'false: a block told again']);
  });

  test('goes to the block that it fits best, though another is as near', () => {
    const next = aBlock(1_300, 800);
    const vague: Report = {
      thread: 0,
      reportedAt: 2_500,
      span: { start: 900, end: 2_500 },
      exact: false,
      durationMs: 790,
    };
    const { verdicts, missed } = matchRun(aRun({ blocks: [block, next], reports: [vague] }), thresholdMs);
    expect(verdicts).toMatchObject([{ outcome: 'found', block: next }]);
    expect(missed).toEqual([block]);
  });

  test('without a duration goes to the block that lasts within its bounds', () => {
    const next = aBlock(1_300, 800);
    const bounds = { thread: 0, reportedAt: 1_370, span: { start: 1_270, end: 1_370 }, exact: false };
    const { verdicts } = matchRun(aRun({ blocks: [block, next], reports: [bounds] }), thresholdMs);
    expect(verdicts).toMatchObject([{ outcome: 'found', block: next }]);
  });
});

test('each block that is clearly over the threshold and in no report is missed', () => {
  const blocks = [aBlock(0, 64), aBlock(1_000, 65), aBlock(2_000, 900)];
  expect(matchRun(aRun({ blocks }), thresholdMs).missed).toEqual(blocks.slice(1));
});

test('what is told after the truth has ended is left out', () => {
  const report = aReportOf(aBlock(10_500, 80));
  expect(outcomes({ reports: [report] })).toEqual([]);
  expect(outcomes({ reports: [report], watched: { start: 0, end: 11_000 } })).toHaveLength(1);
});

test('a stop of what came after a block in the same turn is not that block', () => {
  const block = aBlock(1_000, 200, { stop: { start: 1_000, end: 1_290 } });
  const gaps = [
    { thread: 0, start: 998, end: 1_200 },
    { thread: 0, start: 1_200, end: 1_290 },
  ];
  const rest = aReportOf(aBlock(1_202, 88));
  const reports = [aReportOf(block), rest];
  expect(outcomes({ blocks: [block], gaps, reports })).toEqual([
    'found',
    'grey: the loop itself recorded a stop',
  ]);
  expect(outcomes({ blocks: [block], gaps, reports: [rest] })).toEqual([
    'grey: the loop itself recorded a stop',
  ]);
});

describe('a report of no block that counts', () => {
  const report = aReportOf(aBlock(1_000, 80));

  test('is false where the loop recorded nothing', () => {
    expect(outcomes({ reports: [report] })).toEqual(['false: nothing stopped']);
  });

  test('is grey where the loop recorded a stop', () => {
    const gaps = [{ thread: 0, start: 1_010, end: 1_050 }];
    expect(outcomes({ gaps, reports: [report] })).toEqual(['grey: the loop itself recorded a stop']);
  });

  test('is false where that stop is too short, or of another thread', () => {
    const short = { thread: 0, start: 1_010, end: 1_044 };
    const elsewhere = { thread: 1, start: 1_000, end: 1_080 };
    expect(outcomes({ gaps: [short, elsewhere], reports: [report] })).toEqual(['false: nothing stopped']);
  });

  test('is grey near the threshold', () => {
    const block = aBlock(1_000, 40);
    expect(outcomes({ blocks: [block], reports: [aReportOf(block)] })).toEqual(['grey: near the threshold']);
  });

  test('is false where the block was short', () => {
    const block = aBlock(1_000, 34);
    expect(outcomes({ blocks: [block], reports: [aReportOf(block)] })).toEqual(['false: a short block']);
  });

  test('is grey where other work made a long stop of a short block', () => {
    const block = aBlock(1_000, 34, { stop: { start: 1_000, end: 1_036 } });
    expect(outcomes({ blocks: [block], reports: [aReportOf(block)] })).toEqual(['grey: near the threshold']);
  });

  test.each(['suspended', 'debugger'] as const)('is false while %s, though the clock stood still', (why) => {
    const forbidden = [{ why, start: 990, end: 1_090 }];
    const gaps = [{ thread: 0, start: 988, end: 1_092 }];
    expect(outcomes({ forbidden, gaps, reports: [report] })).toEqual([`false: ${why}`]);
  });
});
