import { expect, test } from 'vitest';
import { parsePressure } from '../../../src/agent/system/pressure.ts';
import { pressure } from './recorded-files.ts';

test('the totals are milliseconds', () => {
  expect(parsePressure(pressure)).toEqual({ some: 34_107.254, full: 1.25 });
});

test('a kernel that has no full line for CPUs gives some alone', () => {
  expect(parsePressure('some avg10=0.00 avg60=0.00 avg300=0.00 total=7000\n')).toEqual({ some: 7 });
});

test.each([[''], ['some avg10=0.00\n'], ['most avg10=0.00 total=1\n']])('%j says nothing', (text) => {
  expect(parsePressure(text)).toEqual({});
});
