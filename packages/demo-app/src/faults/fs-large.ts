// A ledger exported to one large file, synchronously, megabytes at a time.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockingFault } from '../fault.ts';

const chunkBytes = 4 * 1024 * 1024;
// The file starts over at this size, however long the fault lasts.
const chunksPerFile = 16;

export const fsLarge: BlockingFault = {
  name: 'fs-large',
  title: 'One large file is written synchronously',
  route: '/reports/:id/ledger',
  path: '/reports/2026-11/ledger',
  expected: 'The function that writes, under frames of node:fs.',
  culprit: { function: 'writeLedger', file: import.meta.filename },
  run: (ms) => {
    const until = performance.now() + ms;
    const directory = mkdtempSync(join(tmpdir(), 'orders-ledger-'));
    try {
      return { megabytes: writeLedger(join(directory, 'ledger.csv'), until) };
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
};

function writeLedger(path: string, until: number): number {
  const chunk = Buffer.alloc(chunkBytes, '2026-11-02;invoice;EUR;1299\n');
  const file = openSync(path, 'w');
  let chunks = 0;
  try {
    while (performance.now() < until) {
      writeSync(file, chunk, 0, chunk.length, (chunks % chunksPerFile) * chunkBytes);
      chunks++;
    }
  } finally {
    closeSync(file);
  }
  return (chunks * chunkBytes) / (1024 * 1024);
}
