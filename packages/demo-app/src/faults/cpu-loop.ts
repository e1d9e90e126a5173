// A rule engine that nobody profiled: every combination of discounts over every line of the basket.
import type { BlockingFault } from '../fault.ts';

interface BasketLine {
  readonly unitCents: number;
  readonly quantity: number;
}

export const cpuLoop: BlockingFault = {
  name: 'cpu-loop',
  title: 'A CPU loop prices a basket',
  route: '/orders/:id/price',
  path: '/orders/42/price',
  expected: 'A stack taken inside the loop, while it runs.',
  culprit: { function: 'priceBasket', file: import.meta.filename },
  run: (ms) => ({ bestCents: priceBasket(makeBasket(), performance.now() + ms) }),
};

function priceBasket(lines: readonly BasketLine[], until: number): number {
  let bestCents = Number.POSITIVE_INFINITY;
  for (let combination = 0; performance.now() < until; combination++) {
    let cents = 0;
    for (const line of lines) {
      const discount = ((combination * 31 + line.unitCents) % 23) / 100;
      cents += Math.round(line.unitCents * line.quantity * (1 - discount));
    }
    bestCents = Math.min(bestCents, cents);
  }
  return bestCents;
}

function makeBasket(): BasketLine[] {
  return Array.from({ length: 2_000 }, (_, i) => ({
    unitCents: 99 + ((i * 7919) % 5_000),
    quantity: 1 + (i % 4),
  }));
}
