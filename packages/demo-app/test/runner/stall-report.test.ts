import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { faults } from '../../src/faults/index.ts';
import { createPalette } from '../../src/runner/palette.ts';
import { faultLines, headerLines, stallLines } from '../../src/runner/stall-report.ts';
import { culpritOf, root, seenOf, stallOf } from './stall-examples.ts';

const style = { palette: createPalette(false), root };
const culprit = culpritOf('priceBasket', `${root}/src/faults/cpu-loop.ts`);
const context = {
  captures: [{ afterMs: 104, waitedMs: 1, late: false, frames: [] }],
  request: { method: 'GET', route: '/orders/:id/price' },
  span: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', sampled: true },
};

const why = ['            cause: cpu (398 ms on a CPU)', '            Split the work into parts.'];

describe('an open stall', () => {
  test('is told with age, request, trace and culprit', () => {
    const stall = stallOf({ state: 'open', durationMs: 118.4, culprit, ...context });
    expect(stallLines({ type: 'opened', seen: seenOf(stall) }, 2_310, style)).toEqual([
      '    2.31 s  STILL BLOCKED for 118 ms   GET /orders/:id/price   trace 4bf92f35',
      '            priceBasket  src/faults/cpu-loop.ts:23',
    ]);
  });

  test('without a stack says why', () => {
    const stall = stallOf({ state: 'open', durationMs: 118 });
    expect(stallLines({ type: 'opened', seen: seenOf(stall) }, 2_310, style)).toEqual([
      '    2.31 s  STILL BLOCKED for 118 ms   its request comes with the stack',
      '            (no stack yet: inside a native call)',
    ]);
  });
});

describe('a stall that ended', () => {
  test('names the culprit again only where it was not known before', () => {
    const late = { ...culprit, late: true };
    const known = seenOf(stallOf({ culprit }));
    const unknown = seenOf(stallOf({ culprit: late, ...context }), { namedAgeMs: undefined });
    const line = '    2.60 s  ended after 402 ms; meanwhile /livez answered 200 within 2 ms';
    expect(stallLines({ type: 'closed', seen: known }, 2_600, style)).toEqual([line, ...why]);
    expect(stallLines({ type: 'closed', seen: unknown }, 2_600, style)).toEqual([
      line,
      '            GET /orders/:id/price   trace 4bf92f35',
      '            priceBasket  src/faults/cpu-loop.ts:23  (on its return)',
      ...why,
    ]);
  });

  test('tells of time in which the whole process was suspended', () => {
    const seen = seenOf(stallOf({ culprit, suspendedMs: 92.2 }));
    expect(stallLines({ type: 'closed', seen }, 2_600, style)).toEqual([
      '    2.60 s  ended after 402 ms (+92 ms suspended); meanwhile /livez answered 200 within 2 ms',
      ...why,
    ]);
  });

  test('before anybody looked is told with its context', () => {
    const seen = seenOf(stallOf({ culprit, ...context }), { openAgeMs: undefined, namedAgeMs: undefined });
    expect(stallLines({ type: 'closed', seen }, 2_600, style)).toEqual([
      '    2.60 s  ended after 402 ms',
      '            GET /orders/:id/price   trace 4bf92f35',
      '            priceBasket  src/faults/cpu-loop.ts:23',
      ...why,
    ]);
  });
});

test('start-up is told apart from what blocks a service that runs', () => {
  const seen = seenOf(stallOf({ phase: 'startup', durationMs: 844.3 }), { openAgeMs: undefined });
  expect(stallLines({ type: 'closed', seen }, 990, style)).toEqual([
    '    0.99 s  start-up kept the loop for 844 ms',
  ]);
});

test('no line is wider than 100 columns, whatever is reported, in colour as well', () => {
  const wide = { palette: createPalette(true), root };
  const stall = stallOf({
    ...context,
    state: 'open',
    culprit: culpritOf('f'.repeat(500), `${root}/${'deep/'.repeat(60)}x.ts`),
    request: { method: 'PROPFIND', route: `/${'segment/'.repeat(40)}` },
  });
  const lines = [
    ...headerLines(
      { url: 'http://127.0.0.1:65535', agentUrl: 'http://127.0.0.1:65534', command: 'c'.repeat(300) },
      true,
      wide,
    ),
    ...faults.flatMap((fault) => faultLines(fault, 10_000, 3_600_000, wide)),
    ...(['opened', 'named', 'closed'] as const).flatMap((type) =>
      stallLines({ type, seen: seenOf(stall) }, 1, wide),
    ),
  ];
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) {
    expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(100);
  }
});
