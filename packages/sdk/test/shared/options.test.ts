import { describe, expect, test } from 'vitest';
import { optionTable, shown } from '../../src/shared/options.ts';

describe('the table of options', () => {
  test('has each option and each variable once', () => {
    const options = optionTable.map(({ option }) => option);
    const variables = optionTable.map(({ variable }) => variable);
    expect(new Set(options).size).toBe(options.length);
    expect(new Set(variables).size).toBe(variables.length);
  });

  test.each(optionTable)(
    'says of $option all that its page needs',
    ({ option, variable, expected, defaultText, description }) => {
      // The variable is the option's own name, but for a unit at its end that stays.
      const words = option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
      expect(variable).toBe(`LOOPSCOPE_${words}`);
      for (const text of [expected, defaultText, description]) {
        expect(text.trim()).not.toBe('');
      }
      expect(description).toMatch(/\.$/);
    },
  );
});

describe('a value is shown', () => {
  test.each<[string, unknown]>([
    ['"text"', 'text'],
    ['""', ''],
    ['"line\\nbreak \\u001b[31m"', 'line\nbreak \u001b[31m'],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-1', -1],
    ['10', 10n],
    ['null', null],
    ['undefined', undefined],
    ['Symbol(s)', Symbol('s')],
    ['["a", 1]', ['a', 1]],
    ['object', Object.create(null)],
  ])('as %s', (text, value) => {
    expect(shown(value)).toBe(text);
  });

  test('in one line of at most 80 characters, however long it is', () => {
    for (const value of ['x'.repeat(1_000_000), Array.from({ length: 1000 }, () => 'item'), 10n ** 500n]) {
      expect(shown(value).length).toBeLessThanOrEqual(80);
    }
  });

  test.each<[string, unknown]>([
    [
      'a function',
      () => {
        throw new Error('never called');
      },
    ],
    ['an object that describes itself', { toString: () => 'first\nsecond\u001b[31m' }],
  ])('in one line, without control characters, where it is %s', (_name, value) => {
    expect(shown(value)).toMatch(/^[\x20-\x7e]+$/);
  });

  test('even where it refuses to be shown', () => {
    const hostile = {
      toString: () => {
        throw new Error('no');
      },
    };
    expect(shown(hostile)).toBe('object');
  });
});
