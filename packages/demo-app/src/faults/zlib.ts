// A report compressed on the loop. Node's synchronous zlib comes back to JavaScript for each block
// of output, so that the stack is taken inside.
import { gzipSync } from 'node:zlib';
import type { BlockingFault } from '../fault.ts';

const linesPerPart = 20_000;

export const zlib: BlockingFault = {
  name: 'zlib',
  title: 'A report is compressed synchronously',
  route: '/reports/:id/archive',
  path: '/reports/2026-11/archive',
  expected: 'The function that compresses, under frames of node:zlib.',
  culprit: { function: 'compressReport', file: import.meta.filename },
  run: (ms) => compressReport(makePart(), performance.now() + ms),
};

function compressReport(part: string, until: number): { parts: number; bytes: number } {
  let parts = 0;
  let bytes = 0;
  do {
    bytes += gzipSync(part, { level: 9 }).length;
    parts++;
  } while (performance.now() < until);
  return { parts, bytes };
}

function makePart(): string {
  const lines = Array.from({ length: linesPerPart }, (_, i) => `${i};${(i * 7919) % 10_007};paid;EUR`);
  return lines.join('\n');
}
