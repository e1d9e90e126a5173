import { describe, expect, test } from 'vitest';
import { readChoice, readFirst, readMilliseconds, readText, shown } from '../src/environment.ts';

describe('reading a variable', () => {
  test('takes white space and nothing for unset', () => {
    const environment = { EMPTY: '', BLANK: '  ', SET: ' value ' };
    expect(['EMPTY', 'BLANK', 'SET', 'ABSENT'].map((name) => readText(environment, name))).toEqual([
      undefined,
      undefined,
      'value',
      undefined,
    ]);
  });

  test('prefers the name that comes first and is set', () => {
    expect(readFirst({ SPECIFIC: '', GENERAL: 'b' }, ['SPECIFIC', 'GENERAL'])).toEqual({
      name: 'GENERAL',
      value: 'b',
    });
  });

  test('takes a choice in any letter case', () => {
    const said: string[] = [];
    const read = (value: string): string | undefined =>
      readChoice({ CHOICE: value }, ['CHOICE'], ['none', 'gzip'], (line) => said.push(line));
    expect([read('GZIP'), read('zstd')]).toEqual(['gzip', undefined]);
    expect(said).toEqual(['CHOICE="zstd" is ignored: expected none, gzip']);
  });

  test.each(['abc', '-1', '0', '1.5', 'NaN', '1e309', '2147483648', 'Infinity'])(
    'does not take %s for milliseconds, and names it',
    (value) => {
      const said: string[] = [];
      const read = readMilliseconds({ INTERVAL: value }, ['INTERVAL'], 1, (line) => said.push(line));
      expect(read).toBeUndefined();
      expect(said).toEqual([
        `INTERVAL="${value}" is ignored: expected whole milliseconds from 1 to 2147483647`,
      ]);
    },
  );

  test('takes the longest interval that a timer can hold', () => {
    expect(readMilliseconds({ INTERVAL: '2147483647' }, ['INTERVAL'], 1, () => {})).toBe(2_147_483_647);
  });

  test('shows a hostile value on one short line', () => {
    const text = shown(`\u001b[31m\n\0${'x'.repeat(1_000_000)}`);
    expect(text.length).toBeLessThan(100);
    expect(text).toMatch(/^"\\u001b\[31m\\n\\u0000x+…"$/);
  });
});
