import { expect, test } from 'vitest';
import { explainFaultMs, parseFaultMs } from '../src/fault-duration.ts';

test.each([
  [undefined, 400],
  ['50', 50],
  ['10000', 10_000],
  ['0400', 400],
])('%j gives %j', (value, expected) => {
  expect(parseFaultMs(value)).toBe(expected);
});

test.each([
  '49',
  '10001',
  '',
  '-400',
  '4e2',
  '400.5',
  ' 400',
  'abc',
  '1'.repeat(400),
  ['400', '500'],
  { ms: '1' },
])('%j is refused', (value) => {
  expect(parseFaultMs(value)).toBeUndefined();
});

test('the refusal names the value received', () => {
  expect(explainFaultMs('--ms', '7')).toBe('--ms must be a whole number from 50 to 10000, not "7"');
});
