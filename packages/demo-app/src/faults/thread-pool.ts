// Asynchronous crypto in such a number that libuv's thread pool is never free: the loop turns, but
// whatever needs the pool (files, names, compression) waits.
import { pbkdf2 } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Fault } from '../fault.ts';

const derive = promisify(pbkdf2);
const lanes = 16;
const iterationsPerHash = 5_000;

export const threadPool: Fault = {
  name: 'thread-pool',
  title: "Asynchronous crypto fills libuv's thread pool",
  route: '/customers/rehash',
  path: '/customers/rehash',
  expected: 'No stall: the loop is free. A file operation waits behind the queue.',
  run: rehashPasswords,
};

async function rehashPasswords(ms: number): Promise<{ hashes: number; fileWaitMs: number }> {
  const until = performance.now() + ms;
  let hashes = 0;
  const lane = async (): Promise<void> => {
    do {
      await derive('correct horse battery staple', `salt ${hashes}`, iterationsPerHash, 64, 'sha512');
      hashes++;
    } while (performance.now() < until);
  };
  const work = Promise.all(Array.from({ length: lanes }, lane));
  const start = performance.now();
  await stat(import.meta.filename);
  const fileWaitMs = Math.round(performance.now() - start);
  await work;
  return { hashes, fileWaitMs };
}
