import { expect, test } from 'vitest';
import { createSharedWords, sharedWord, sharedWordCount } from '../../src/shared/shared-words.ts';

test('each word has a place of its own within the memory', () => {
  const places = Object.values(sharedWord);
  expect(places.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: sharedWordCount }, (_, index) => index),
  );
});

test('the memory is shared, zero, and of that length', () => {
  const words = createSharedWords();
  expect(words.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect([...words]).toEqual(Array.from({ length: sharedWordCount }, () => 0));
});
