import { expect, test } from 'vitest';
import { createPalette, wantsColour } from '../../src/runner/palette.ts';

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: false }, {}, false],
  [{}, {}, false],
])('a stream %j with %j gets colour: %j', (stream, env, expected) => {
  expect(wantsColour(stream, env)).toBe(expected);
});

test('without colour the text is untouched', () => {
  expect(createPalette(false).red('stalled')).toBe('stalled');
});

test('each colour ends itself', () => {
  expect(createPalette(true).red('stalled')).toBe('\u001b[31mstalled\u001b[39m');
  expect(createPalette(true).bold('stalled')).toBe('\u001b[1mstalled\u001b[22m');
});
