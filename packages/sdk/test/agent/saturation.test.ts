import { expect, test } from 'vitest';
import { Saturation } from '../../src/agent/saturation.ts';

/** The verdict after each of these utilizations, one second apart. */
function verdicts(utilizations: readonly (number | undefined)[]): boolean[] {
  const saturation = new Saturation();
  return utilizations.map((utilization, second) => {
    saturation.update(second * 1000, utilization);
    return saturation.saturated;
  });
}

const seconds = (count: number, utilization: number | undefined): (number | undefined)[] =>
  Array.from({ length: count }, () => utilization);

test('a loop is saturated once its utilization has been 0.95 for 30 s', () => {
  const all = verdicts(seconds(40, 0.95));
  expect(all.indexOf(true)).toBe(30);
  expect(all.slice(30).every(Boolean)).toBe(true);
});

test('a loop just below is never saturated', () => {
  expect(verdicts(seconds(100, 0.9499))).not.toContain(true);
});

test('one dip starts the 30 s anew', () => {
  const all = verdicts([...seconds(29, 1), 0.94, ...seconds(40, 1)]);
  expect(all.indexOf(true)).toBe(60);
});

test('it stays saturated down to 0.85, and leaves below', () => {
  const all = verdicts([...seconds(31, 1), 0.9, 0.85, 0.8499]);
  expect(all.slice(30)).toEqual([true, true, true, false]);
});

test('after leaving it must be high for 30 s again', () => {
  const all = verdicts([...seconds(31, 1), 0.5, ...seconds(31, 1)]);
  expect(all.slice(31)).toEqual([...seconds(31, 0).map(() => false), true]);
});

test('a reading that is missing changes nothing', () => {
  expect(verdicts([...seconds(10, 1), ...seconds(15, undefined), ...seconds(10, 1)]).indexOf(true)).toBe(30);
  expect(verdicts([...seconds(31, 1), undefined]).at(-1)).toBe(true);
});
