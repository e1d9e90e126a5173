import { beforeEach, expect, test } from 'vitest';
import { StallProfiles } from '../../../src/agent/profile/stall-profiles.ts';

let dropped: number;
let profiles: StallProfiles;

beforeEach(() => {
  dropped = 0;
  profiles = new StallProfiles((count) => {
    dropped += count;
  });
});

const kept = (last: number): number[] =>
  Array.from({ length: last }, (_, index) => index + 1).filter(
    (id) => profiles.file(String(id)) !== undefined,
  );

test('the worst eight and the latest eight are kept, and what is given up is counted', () => {
  for (let id = 1; id <= 30; id += 1) {
    profiles.keep(String(id), id % 10 === 0 ? 1000 + id : 100 + id, `{"id":${id}}`);
  }
  expect(kept(30)).toEqual(
    [10, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30].filter((id) => kept(30).includes(id)),
  );
  expect(kept(30)).toEqual(expect.arrayContaining([10, 20, 30, 23, 24, 25, 26, 27, 28, 29]));
  expect(kept(30).length).toBeLessThanOrEqual(16);
  expect(dropped).toBe(30 - kept(30).length);
  expect(profiles.file('30')?.toString()).toBe('{"id":30}');
});

test('one that is too large is given up at once', () => {
  profiles.keep('1', 100, 'x'.repeat(2 * 1024 * 1024 + 1));
  expect(profiles.file('1')).toBeUndefined();
  expect(dropped).toBe(1);
});

test('all together they stay within 8 MB, and the oldest go first', () => {
  for (let id = 1; id <= 6; id += 1) {
    profiles.keep(String(id), 100, 'x'.repeat(2 * 1024 * 1024));
  }
  expect(kept(6)).toEqual([3, 4, 5, 6]);
  expect(dropped).toBe(2);
});
