import { expect, test } from 'vitest';
import { LiveTable } from '../../../src/main/tasks/live-table.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

test('a task is found with what it was added with, until it is removed', () => {
  const table = new LiveTable();
  expect(table.add(7, 3, 12)).toBe(true);
  expect([table.siteOf(7), table.siteOf(8), table.size]).toEqual([12, 0, 1]);
  expect([table.remove(7), table.remove(7), table.size]).toEqual([3, -1, 0]);
});

test('ids beyond 32 bits are not taken for others', () => {
  const table = new LiveTable();
  const ids = [5, 5 + 2 ** 32, 5 + 2 ** 33, 2 ** 52];
  for (const [type, id] of ids.entries()) {
    table.add(id, type + 1, 0);
  }
  expect(ids.map((id) => table.remove(id))).toEqual([1, 2, 3, 4]);
});

test.each(Array.from({ length: 10 }, (_, seed) => seed))(
  'it agrees with a Map in any order of additions and removals: seed %i',
  (seed) => {
    const random = new SeededRandom(seed);
    const table = new LiveTable();
    const map = new Map<number, number>();
    let id = 1;
    for (let turn = 0; turn < 20_000; turn += 1) {
      id += random.chance(0.9) ? 1 : 1024;
      if (random.chance(0.6)) {
        table.add(id, id % 150, id % 500);
        map.set(id, id % 150);
      } else {
        // Some are known, the newest more often; some are not.
        const known = [...map.keys()].at(-1);
        const gone = random.chance(0.5) ? (known ?? id) : Math.ceil(random.between(1, id));
        expect(table.remove(gone)).toBe(map.get(gone) ?? -1);
        map.delete(gone);
      }
    }
    expect(table.size).toBe(map.size);
    for (const [key, type] of map) {
      expect([table.siteOf(key), table.remove(key)]).toEqual([key % 500, type]);
    }
    expect(table.ids.every((each) => each === 0)).toBe(true);
  },
);

test('what does not fit is refused, and the rest stays', () => {
  const table = new LiveTable();
  let added = 0;
  while (table.add(added + 1, 9, 0)) {
    added += 1;
  }
  expect(added).toBe(524_288);
  expect(table.remove(1)).toBe(9);
  expect(table.add(2 ** 40, 8, 0)).toBe(true);
  expect(table.remove(2 ** 40)).toBe(8);
});

test('sites can be forgotten, tasks not', () => {
  const table = new LiveTable();
  table.add(1, 2, 3);
  table.forgetSites();
  expect([table.siteOf(1), table.remove(1)]).toEqual([0, 2]);
});
