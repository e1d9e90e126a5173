import { describe, expect, test } from 'vitest';
import { findingsOf, precisionOf, scoreOf } from '../../../bench/accuracy/scoring.ts';
import type { Block, Report } from '../../../bench/accuracy/truth.ts';
import { aBlock, aReportOf, aRun, rightPlace, thresholdMs } from './examples.ts';

function score(block: Block, report: Partial<Report> = {}): ReturnType<typeof scoreOf> {
  const run = aRun({ blocks: [block], reports: [aReportOf(block, report)] });
  return scoreOf(findingsOf([run], thresholdMs).outcomes);
}

describe('what is found', () => {
  const blocks = [aBlock(0, 100), aBlock(1_000, 100), aBlock(2_000, 100), aBlock(3_000, 40)];
  const reports = blocks.slice(1).map((block) => aReportOf(block));
  const stray = aReportOf(aBlock(5_000, 100));
  const findings = findingsOf([aRun({ blocks, reports: [...reports, stray] })], thresholdMs);

  test('is a share of the blocks that are clearly over the threshold', () => {
    const { blocks: count, found, recall } = scoreOf(findings.outcomes);
    expect([count, found, recall]).toEqual([3, 2, 2 / 3]);
  });

  test('is a share of the reports that are not grey', () => {
    expect(findings.grey).toBe(1);
    expect(findings.falseReports).toMatchObject([{ load: 'idle', why: 'nothing stopped' }]);
    expect(precisionOf(findings)).toBe(2 / 3);
  });

  test('a block that was never reported came infinitely late', () => {
    expect(scoreOf(findings.outcomes).firstReport).toEqual([Number.POSITIVE_INFINITY, 70, 70]);
  });
});

describe('a duration', () => {
  test('is off by its distance from the length of the block', () => {
    expect(score(aBlock(0, 100), { durationMs: 107 }).durationErrors).toEqual([7]);
    expect(score(aBlock(0, 100), { durationMs: 88 }).durationErrors).toEqual([12]);
  });

  test('is measured against the whole stop of the loop where that is nearer', () => {
    const block = aBlock(100, 100, { stop: { start: 60, end: 230 } });
    expect(score(block, { durationMs: 128 }).durationErrors).toEqual([2]);
    expect(score(block, { durationMs: 101 }).durationErrors).toEqual([1]);
    expect(score(block, { durationMs: 175 }).durationErrors).toEqual([5]);
  });

  test('is no figure of a tool that gives none', () => {
    const block = aBlock(0, 100);
    const { durationMs: _, ...report } = aReportOf(block);
    const { outcomes } = findingsOf([aRun({ blocks: [block], reports: [report] })], thresholdMs);
    expect(scoreOf(outcomes).durationErrors).toEqual([]);
  });
});

describe('a culprit', () => {
  const right = rightPlace('cpu-loop');

  test('is right by function, file and line', () => {
    expect(score(aBlock(0, 100))).toMatchObject({ culpritRight: 1, culpritInStack: 1, wrongUnmarked: 0 });
  });

  test.each([
    ['function', { ...right, function: 'block' }],
    ['file', { ...right, file: '/elsewhere.mjs' }],
    ['line', { ...right, line: right.line + 1_000 }],
  ])('is wrong by another %s', (_, culprit) => {
    expect(score(aBlock(0, 100), { culprit })).toMatchObject({ culpritRight: 0, wrongUnmarked: 1 });
  });

  test('that is wrong may be marked as late', () => {
    const culprit = { ...right, function: 'block' };
    expect(score(aBlock(0, 100), { culprit, late: true })).toMatchObject({
      culpritRight: 0,
      wrongUnmarked: 0,
    });
  });

  test('that is further out in the stack is only in the stack', () => {
    const culprit = { ...right, function: 'block' };
    expect(score(aBlock(0, 100), { culprit, stack: [culprit, right] })).toMatchObject({
      culpritRight: 0,
      culpritInStack: 1,
    });
  });

  test('may be the WebAssembly function or the one that calls it', () => {
    const block = aBlock(0, 100, { kind: 'web-assembly' });
    const inside = { function: 'blur', file: 'wasm://wasm/0a1b2c3d', line: 1 };
    expect(score(block).culpritRight).toBe(1);
    expect(score(block, { culprit: inside }).culpritRight).toBe(1);
    expect(score(aBlock(0, 100), { culprit: inside }).culpritRight).toBe(0);
  });
});

test('a cause is right where it is one of those that it may be', () => {
  const both = aBlock(0, 100, { causes: ['cpu', 'gc'] });
  expect(score(both, { cause: 'gc' }).causeRight).toBe(1);
  expect(score(both, { cause: 'sync-io' }).causeRight).toBe(0);
  const { cause: _, ...untold } = aReportOf(both);
  const { outcomes } = findingsOf([aRun({ blocks: [both], reports: [untold] })], thresholdMs);
  expect(scoreOf(outcomes).causeRight).toBe(0);
});

test('delays are counted from the start of the block', () => {
  const block = aBlock(1_000, 100);
  const told = score(block, { reportedAt: 1_060, stackAt: 1_095 });
  expect(told).toMatchObject({ firstReport: [60], firstStack: [95], whileBlocked: 1 });
  expect(score(block, { reportedAt: 1_101, stackAt: 1_101 }).whileBlocked).toBe(0);
});
