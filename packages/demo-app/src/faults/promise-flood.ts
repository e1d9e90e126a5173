// `await` in a loop over what is already there: it reads as if it gave way, and never does. Promise
// reactions run before the loop may turn.
import type { BlockingFault } from '../fault.ts';

const rates = Array.from({ length: 1_500 }, (_, day) => 1 + ((day * 7919) % 100) / 1_000);
const cachedRates = Promise.resolve(rates);

export const promiseFlood: BlockingFault = {
  name: 'promise-flood',
  title: 'Settled promises starve the loop',
  route: '/invoices/settle',
  path: '/invoices/settle',
  expected: 'The async function, though it awaits at each step.',
  culprit: { function: 'settleInvoices', file: import.meta.filename },
  run: (ms) => settleInvoices(performance.now() + ms),
};

async function settleInvoices(until: number): Promise<{ invoices: number; cents: number }> {
  let invoices = 0;
  let cents = 0;
  while (performance.now() < until) {
    const history = await cachedRates;
    for (let repeat = 0; repeat < 20; repeat++) {
      for (const rate of history) {
        cents = (cents + Math.round(1_999 * rate)) % 1_000_000_007;
      }
    }
    invoices++;
  }
  return { invoices, cents };
}
