// Variants beside each other, as a table: each with its own readings and with its difference to a
// base, round by round.
import type { Bar } from '../harness/bar.ts';
import type { Readings, Rounds } from '../harness/quiet-rounds.ts';
import { differences, summarize } from '../harness/statistics.ts';
import { figure, range, signed, type Table } from '../harness/table.ts';

export function compareTo(base: string, title: string, { readings, quiet, disturbed }: Rounds): Table {
  const baseReadings = readings[base] ?? [];
  const neighbours = disturbed === 0 ? '' : `, ${disturbed} disturbed by other load`;
  return {
    title: `${title}; ${quiet + disturbed} rounds${neighbours}`,
    headings: ['variant', 'median', 'quartiles', `over ${base}`, '95 % interval'],
    rows: Object.entries(readings).map(([name, own]) => {
      const { median, quartiles } = summarize(own);
      const over = summarize(differences(own, baseReadings));
      const compared = name === base ? ['', ''] : [signed(over.median), range(over.interval)];
      return [name, figure(median), range(quartiles), ...compared];
    }),
  };
}

/** The bar that a variant's readings may exceed a base's by so much at the median. */
export function barOver(
  base: string,
  name: string,
  readings: Readings,
  bar: Pick<Bar, 'name' | 'limit' | 'unit'>,
): Bar {
  const over = summarize(differences(readings[name] ?? [], readings[base] ?? []));
  return { ...bar, value: over.median, interval: over.interval, kind: 'at most' };
}

/** The variants in another order each round: none always runs first. */
export function rotated<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
