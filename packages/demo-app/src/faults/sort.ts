// A ranking by name: the comparator compares by the rules of a language, and is called hundreds of
// thousands of times.
import type { BlockingFault } from '../fault.ts';

interface Customer {
  readonly name: string;
  readonly orders: number;
}

const customers = 5_000;
const syllables = ['ba', 'dé', 'go', 'kü', 'la', 'mi', 'no', 'øs', 'ra', 'ßu', 'ta', 'zi'];

export const sort: BlockingFault = {
  name: 'sort',
  title: 'A sort calls a slow comparator',
  route: '/reports/:id/ranking',
  path: '/reports/2026-11/ranking',
  expected: 'The comparator, with the function that sorts below it.',
  culprit: { function: 'compareByName', file: import.meta.filename },
  run: (ms) => ({ first: rankCustomers(makeCustomers(), performance.now() + ms) }),
};

function compareByName(a: Customer, b: Customer): number {
  return a.name.localeCompare(b.name, 'de') || b.orders - a.orders;
}

function rankCustomers(unsorted: readonly Customer[], until: number): string | undefined {
  let ranked: Customer[];
  do {
    ranked = unsorted.toSorted(compareByName);
  } while (performance.now() < until);
  return ranked[0]?.name;
}

function makeCustomers(): Customer[] {
  return Array.from({ length: customers }, (_, i) => {
    const draw = (i * 7919 + 104_729) % 1_299_709;
    const parts = [draw % 12, (draw >> 3) % 12, (draw >> 6) % 12, (draw >> 9) % 12];
    return { name: parts.map((part) => syllables[part]).join(''), orders: draw % 50 };
  });
}
