import { describe, expect, test } from 'vitest';
import { type ProgramTruth, readTruth } from '../../../bench/accuracy/program-truth.ts';

const none: Partial<ProgramTruth['records'][number]> = {};

function truthOf(
  step: Partial<ProgramTruth['truths'][number]>,
  record: typeof none = none,
): ReturnType<typeof readTruth> {
  const whole = { kind: 'cpu-loop', thread: 0, quiet: false, start: 100, end: 200, ...step };
  const records = [{ thread: 0, from: 0, to: 1_000, gaps: [], collections: [], ...record }];
  return readTruth({ truths: [whole], records }, {});
}

describe('the stop of a block', () => {
  const stopOf = (gaps: (typeof none)['gaps'] & object, step = {}): unknown =>
    truthOf(step, { gaps }).blocks[0]?.stop;

  test('lasts until its loop ticks again, and no longer', () => {
    const [earlier, later] = [
      { start: 20, end: 60 },
      { start: 230, end: 290 },
    ];
    expect(stopOf([earlier, { start: 96, end: 212 }, later])).toEqual({ start: 100, end: 212 });
  });

  test('includes what came before it and after it in the same turn', () => {
    const gaps = [
      { start: 97, end: 200.1 },
      { start: 60, end: 240 },
      { start: 200.1, end: 250 },
    ];
    expect(stopOf(gaps)).toEqual({ start: 60, end: 240 });
  });

  test('is the block alone where no gap holds its end, or only another thread has one', () => {
    expect(stopOf([{ start: 20, end: 60 }])).toEqual({ start: 100, end: 200 });
    expect(stopOf([{ start: 96, end: 212 }], { thread: 1 })).toEqual({ start: 100, end: 200 });
  });
});

describe('the cause of a block', () => {
  const collected = (ms: number): typeof none => ({ collections: [{ start: 110, end: 110 + ms }] });

  test('is that of its kind', () => {
    expect(truthOf({ kind: 'exec-sync' }).blocks[0]?.causes).toEqual(['sync-io']);
    expect(truthOf({ kind: 'next-tick' }).blocks[0]?.causes).toEqual(['microtasks']);
  });

  test('is the collecting of garbage where that took most of it, and only then', () => {
    expect(truthOf({}, collected(60)).blocks[0]?.causes).toEqual(['gc']);
    expect(truthOf({}, collected(40)).blocks[0]?.causes).toEqual(['cpu', 'gc']);
    expect(truthOf({}, collected(30)).blocks[0]?.causes).toEqual(['cpu']);
    expect(truthOf({ kind: 'gc-pressure' }, collected(30)).blocks[0]?.causes).toEqual(['cpu']);
  });

  test('is the lack of a processor where it mostly waited for one', () => {
    expect(truthOf({ waitedMs: 70 }).blocks[0]?.causes).toEqual(['starved']);
  });
});

test('quiet steps are no blocks', () => {
  const { blocks, quietMs } = truthOf({ kind: 'idling', quiet: true });
  expect([blocks, quietMs]).toEqual([[], 100]);
});

test('where others stop the loop, each recorded stop is a block, once', () => {
  const bothClocks = [
    { start: 20, end: 90 },
    { start: 20.2, end: 92 },
  ];
  const records = [{ thread: 0, from: 0, to: 1_000, gaps: bothClocks, collections: [] }];
  const truths = [{ kind: 'busy-turns', thread: 0, quiet: true, start: 0, end: 1_000 }];
  expect(readTruth({ truths, records }, { stopsAre: 'cpu quota' }).blocks).toEqual([
    { kind: 'cpu quota', thread: 0, start: 20, end: 90, stop: { start: 20, end: 90 }, causes: ['starved'] },
  ]);
});
