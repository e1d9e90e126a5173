import { expect, test } from 'vitest';
import type { Fault } from '../../src/fault.ts';
import { isRight, judge } from '../../src/runner/verdict.ts';
import { culpritOf, seenOf, stallOf } from './stall-examples.ts';

const file = '/srv/orders/price.ts';
const free: Fault = { name: 'pool', title: '', route: '/', path: '/', expected: '', run: () => {} };
const blocking: Fault = { ...free, name: 'price', culprit: { function: 'priceBasket', file } };
const drive = { pausedMs: 402, traceId: 'a'.repeat(32) };

test('a stall with the right function in the right file names the fault', () => {
  const seen = seenOf(stallOf({ culprit: culpritOf('priceBasket', file) }));
  const verdict = judge(blocking, drive, [seen]);
  expect(verdict.outcome).toBe('named');
  expect(isRight(verdict)).toBe(true);
});

test.each([
  ['another function', culpritOf('run', file)],
  ['a function of that name elsewhere', culpritOf('priceBasket', '/srv/orders/other.ts')],
  ['no culprit', undefined],
])('%s does not', (_, culprit) => {
  const verdict = judge(blocking, drive, [seenOf(stallOf(culprit ? { culprit } : {}))]);
  expect(verdict.outcome).toBe('missed');
  expect(isRight(verdict)).toBe(false);
});

test('no stall at all is a miss', () => {
  expect(judge(blocking, drive, [])).toMatchObject({ outcome: 'missed', seen: undefined });
});

test('the stall shown is the one that names the culprit, not the longest', () => {
  const noise = seenOf(stallOf({ id: '1', durationMs: 900 }));
  const right = seenOf(stallOf({ id: '2', durationMs: 402, culprit: culpritOf('priceBasket', file) }));
  expect(judge(blocking, drive, [noise, right])).toMatchObject({
    outcome: 'named',
    seen: { stall: { id: '2' } },
  });
});

test('a fault that leaves the loop free must give no stall', () => {
  expect(judge(free, { ...drive, pausedMs: 12 }, []).outcome).toBe('quiet');
  expect(judge(free, { ...drive, pausedMs: 12 }, [seenOf(stallOf({ durationMs: 130 }))]).outcome).toBe(
    'false-stall',
  );
});

test('a stall that the service felt as well is the machine, not a false report', () => {
  const seen = seenOf(stallOf({ durationMs: 130 }));
  expect(judge(free, { ...drive, pausedMs: 125 }, [seen])).toMatchObject({ outcome: 'quiet', seen });
});
