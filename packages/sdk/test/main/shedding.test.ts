import { expect, test } from 'vitest';
import { shed } from '../../src/main/shedding.ts';
import { mostShare, overloadWord } from '../../src/shared/overload.ts';
import { createThreadWords, threadWord } from '../../src/shared/shared-words.ts';

function refused(word: number, reasons?: ReadonlySet<'stalled' | 'saturated' | 'threadpool'>): number {
  const words = createThreadWords();
  words[threadWord.overload] = word;
  let count = 0;
  for (let index = 0; index < 10_000; index += 1) {
    count += shed(words, reasons) === undefined ? 0 : 1;
  }
  expect(words[threadWord.requestsShed]).toBe(count);
  return count;
}

test('nothing is refused while all is well', () => {
  expect(refused(0)).toBe(0);
  expect(refused(overloadWord(0, 'stalled'))).toBe(0);
});

test('of an overloaded thread the share is refused that the agent asks for', () => {
  // Six standard deviations to either side.
  expect(Math.abs(refused(overloadWord(300, 'saturated')) - 3000)).toBeLessThan(280);
  expect(Math.abs(refused(overloadWord(1000, 'stalled')) - 10 * mostShare)).toBeLessThan(140);
});

test('the reason is told, and one that is not asked for refuses nothing', () => {
  const words = createThreadWords();
  words[threadWord.overload] = overloadWord(mostShare, 'threadpool');
  const reasons = Array.from({ length: 100 }, () => shed(words));
  expect(new Set(reasons)).toEqual(new Set(['threadpool', undefined]));
  expect(refused(overloadWord(mostShare, 'threadpool'), new Set(['saturated']))).toBe(0);
});
