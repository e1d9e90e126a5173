import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Fault } from '../../src/fault.ts';
import { createPalette } from '../../src/runner/palette.ts';
import { closingLines, summaryTable } from '../../src/runner/round-report.ts';
import { judge } from '../../src/runner/verdict.ts';
import { culpritOf, root, seenOf, stallOf } from './stall-examples.ts';

const style = { palette: createPalette(false), root };
const file = `${root}/src/faults/price.ts`;
const traceId = 'a'.repeat(32);
const free: Fault = {
  name: 'thread-pool',
  title: '',
  route: '/pool',
  path: '/pool',
  expected: '',
  run: () => {},
};
const blocking: Fault = {
  ...free,
  name: 'cpu-loop',
  route: '/orders/:id/price',
  culprit: { function: 'priceBasket', file },
};
const drive = { pausedMs: 402, traceId };
const report = {
  culprit: culpritOf('priceBasket', file),
  request: { method: 'GET', route: '/orders/:id/price' },
  span: { traceId, spanId: 'b'.repeat(16), sampled: true },
};
const named = judge(blocking, drive, [seenOf(stallOf(report))]);
const quiet = judge(free, { ...drive, pausedMs: 14 }, []);
const missed = judge(blocking, drive, [
  seenOf(stallOf({ culprit: culpritOf('run', file) }), { openAgeMs: undefined }),
]);
const load = { kind: 'summary', requests: 312, failures: 0, medianMs: 3, slowestMs: 405 } as const;

test('the table has a row for each fault', () => {
  expect(summaryTable([named, quiet, missed], 400, style)).toEqual([
    '',
    '  fault                asked   paused  reported   seen at  culprit',
    '  cpu-loop            400 ms   402 ms    402 ms    118 ms  priceBasket price.ts:23',
    '  thread-pool         400 ms    14 ms         -         -  the loop stayed free',
    '  cpu-loop            400 ms   402 ms    402 ms   its end  MISSED: run price.ts:23',
  ]);
});

test('a good round is told in full', () => {
  expect(closingLines([named, quiet], load, style)).toEqual([
    '',
    '  Seen while the loop was still blocked: 1 of 1, with the culprit: 1 of 1.',
    '  The right request: 1 of 1. The right trace: 1 of 1.',
    '  Healthy requests meanwhile: 312, none failed; median 3 ms, slowest 405 ms.',
    '  All right: every fault that blocks was named, no stall was reported where the loop was free.',
  ]);
});

test('what was missed is listed with what was expected and what came instead', () => {
  const falseStall = judge(free, { ...drive, pausedMs: 14 }, [seenOf(stallOf({ durationMs: 130 }))]);
  expect(closingLines([missed, falseStall], undefined, style).slice(3)).toEqual([
    '  MISSED:',
    '  cpu-loop',
    '    expected  priceBasket src/faults/price.ts',
    '    reported  run src/faults/price.ts:23',
    '  thread-pool',
    '    expected  no stall: the loop stood still for 14 ms at most',
    '    reported  a stall of 130 ms without a culprit',
  ]);
});

test('a stall that a busy machine caused is told as such', () => {
  const felt = judge(free, { ...drive, pausedMs: 106 }, [seenOf(stallOf({ durationMs: 153 }))]);
  expect(summaryTable([felt], 400, style).at(-1)).toBe(
    '  thread-pool         400 ms   106 ms    153 ms    118 ms  the service felt it too: a busy machine',
  );
});

test('another trace or request than that of the fault is not counted as right', () => {
  const other = judge(blocking, { ...drive, traceId: 'c'.repeat(32) }, [seenOf(stallOf(report))]);
  expect(closingLines([other], undefined, style)).toContain(
    '  The right request: 1 of 1. The right trace: 0 of 1.',
  );
});

test('no line is wider than 100 columns', () => {
  const wide = { palette: createPalette(true), root };
  const long = judge(blocking, drive, [
    seenOf(stallOf({ culprit: culpritOf('f'.repeat(300), `${root}/${'d/'.repeat(90)}`) })),
  ]);
  for (const line of [...summaryTable([long], 10_000, wide), ...closingLines([long], load, wide)]) {
    expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(100);
  }
});
