// An invoice rendered by another program, waited for on the loop. Almost no CPU is used; the loop
// is blocked all the same. `sleep` stands in for the renderer.
import { execSync as runSync } from 'node:child_process';
import type { BlockingFault } from '../fault.ts';

export const execSync: BlockingFault = {
  name: 'exec-sync',
  title: 'Another program is waited for synchronously',
  route: '/invoices/:id/pdf',
  path: '/invoices/99/pdf',
  expected: 'Open without a stack while the program runs; its caller once it ends.',
  culprit: { function: 'renderInvoice', file: import.meta.filename },
  run: (ms) => ({ bytes: renderInvoice(ms / 1000) }),
};

function renderInvoice(seconds: number): number {
  const document = runSync(`sleep ${seconds} && echo rendered`, { stdio: ['ignore', 'pipe', 'inherit'] });
  return document.length;
}
