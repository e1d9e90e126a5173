// A nightly import that became a request. JSON.parse and JSON.stringify are native: nothing can look
// inside them by interrupt, and the stack is taken at the first JavaScript that runs after one of
// them returns. Here that is the loop that sums the items, in the same function, so the function is
// named; the line is that of the summing. Had the function returned right after one single parse,
// its caller would have been named instead: only a sampling profile tells native time exactly.
import type { BlockingFault } from '../fault.ts';

interface CatalogueItem {
  readonly sku: string;
  readonly cents: number;
  readonly stock: number;
}

// A document of some megabytes, as one supplier sends it.
const itemsPerDocument = 40_000;

export const json: BlockingFault = {
  name: 'json',
  title: 'Large JSON documents are parsed and written',
  route: '/catalogue/import',
  path: '/catalogue/import',
  expected: 'The function that parses, its line being where it goes on after the native call.',
  culprit: { function: 'importCatalogue', file: import.meta.filename },
  run: (ms) => importCatalogue(makeDocument(), performance.now() + ms),
};

function importCatalogue(document: string, until: number): { items: number; stock: number; bytes: number } {
  let items = 0;
  let stock = 0;
  let bytes = 0;
  do {
    const parsed = JSON.parse(document) as CatalogueItem[];
    for (const item of parsed) {
      stock += item.stock;
    }
    items += parsed.length;
    bytes += JSON.stringify(parsed).length;
  } while (performance.now() < until);
  return { items, stock, bytes };
}

function makeDocument(): string {
  const item =
    '{"sku":"KX-4711-B","title":"Bolt, hexagonal, zinc-plated, M8","cents":349,"stock":12,"tags":["bolt","m8"]}';
  return `[${`${item},`.repeat(itemsPerDocument - 1)}${item}]`;
}
