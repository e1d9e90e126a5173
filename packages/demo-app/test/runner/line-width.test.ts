import { expect, test } from 'vitest';
import { fitLine } from '../../src/runner/line-width.ts';
import { createPalette } from '../../src/runner/palette.ts';

const { red } = createPalette(true);

test('a line that fits stays as it is', () => {
  expect(fitLine('12345', 5)).toBe('12345');
  expect(fitLine(red('12345'), 5)).toBe(red('12345'));
});

test('a longer one ends in an ellipsis', () => {
  expect(fitLine('123456', 5)).toBe('1234…');
});

test('colours are neither counted nor left open', () => {
  expect(fitLine(`${red('123')}${red('456')}`, 5)).toBe(`${red('123')}${red('4…')}`);
  expect(fitLine(`12345${red('678')}9`, 5)).toBe(`1234…${red('')}`);
});
