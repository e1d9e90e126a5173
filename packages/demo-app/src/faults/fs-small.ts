// A spool directory, written and read back synchronously: many small files, each quick, hundreds of
// them in one request.
import { mkdtempSync, readFileSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockingFault } from '../fault.ts';

export const fsSmall: BlockingFault = {
  name: 'fs-small',
  title: 'Many small files are written synchronously',
  route: '/orders/:id/spool',
  path: '/orders/42/spool',
  expected: 'The function that spools, under frames of node:fs.',
  culprit: { function: 'spoolOrders', file: import.meta.filename },
  run: (ms) => {
    const until = performance.now() + ms;
    const directory = mkdtempSync(join(tmpdir(), 'orders-spool-'));
    try {
      return { files: spoolOrders(directory, until) };
    } finally {
      rmdirSync(directory);
    }
  },
};

function spoolOrders(directory: string, until: number): number {
  let files = 0;
  while (performance.now() < until) {
    const path = join(directory, `${files}.json`);
    writeFileSync(path, `{"order":${files},"state":"packed"}`);
    if (readFileSync(path, 'utf8').length === 0) {
      throw new Error(`The spooled order ${files} is empty`);
    }
    unlinkSync(path);
    files++;
  }
  return files;
}
