// Catastrophic backtracking: nested quantifiers, and a reference that almost matches. Each character
// more doubles the time.
import type { BlockingFault } from '../fault.ts';

const reference = /^([a-z0-9]+[ -]?)+$/;
const shortestLength = 16;
const longestMatchMs = 500;

export const regularExpression: BlockingFault = {
  name: 'regular-expression',
  title: 'A regular expression backtracks without end',
  route: '/orders/:id/validate',
  path: '/orders/42/validate',
  expected: 'A stack taken inside the matching: V8 looks for interrupts as it backtracks.',
  culprit: { function: 'isValidReference', file: import.meta.filename },
  run: (ms) => validateReferences(performance.now() + ms),
};

function isValidReference(text: string): boolean {
  return reference.test(text);
}

/** References get longer while the next one, of twice the time, fits; then the same again. */
function validateReferences(until: number): { references: number; length: number } {
  let references = 0;
  let length = shortestLength;
  while (performance.now() < until) {
    const start = performance.now();
    isValidReference(`${'a'.repeat(length)}!`);
    references++;
    const now = performance.now();
    if ((now - start) * 2 < Math.min(until - now, longestMatchMs)) {
      length++;
    }
  }
  return { references, length };
}
