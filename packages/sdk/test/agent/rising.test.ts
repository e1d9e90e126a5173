import { expect, test } from 'vitest';
import { Rising } from '../../src/agent/rising.ts';

test('what was shown once is not taken back, each key by itself', () => {
  const rising = new Rising();
  expect([1, 3, 2, 4].map((value) => rising.show('a', value))).toEqual([1, 3, 3, 4]);
  expect(rising.show('b', 2)).toBe(2);
});
