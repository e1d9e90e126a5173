import { expect, test } from 'vitest';
import {
  createSharedWords,
  relayWord,
  relayWords,
  sharedWord,
  sharedWordCount,
} from '../../src/shared/shared-words.ts';

test('each word has a place of its own within the memory', () => {
  const relays = Array.from({ length: relayWords }, (_, relay) => relayWord(relay));
  const places = [...new Set([...Object.values(sharedWord), ...relays])];
  expect(places.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: sharedWordCount }, (_, index) => index),
  );
});

test('the memory is shared, zero, and of that length', () => {
  const words = createSharedWords();
  expect(words.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect([...words]).toEqual(Array.from({ length: sharedWordCount }, () => 0));
});
