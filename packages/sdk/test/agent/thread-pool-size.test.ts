import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PoolThreads, parsePoolSize } from '../../src/agent/thread-pool-size.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each([
  [undefined, 4],
  ['8', 8],
  [' 3x', 3],
  ['0', 1],
  ['', 1],
  ['many', 1],
  ['-1', 1024],
  ['5000', 1024],
  ['0000000000000007', 4],
])('libuv reads %j as %i threads', (text, size) => {
  expect(parsePoolSize(text)).toBe(size);
});

test('the threads of the pool are told by their name, once there are any', () => {
  const folder = temporaryFolder();
  const start = (thread: number, name: string): void => {
    mkdirSync(join(folder, String(thread)));
    writeFileSync(join(folder, String(thread), 'comm'), `${name}\n`);
  };
  start(7, 'node');
  start(8, 'V8Worker');
  const threads = new PoolThreads();
  threads.look(folder);
  expect(threads.count).toBeUndefined();
  start(9, 'libuv-worker');
  start(10, 'libuv-worker');
  start(11, 'loopscope');
  threads.look(folder);
  expect(threads.count).toBe(2);
});

test('where there is no such folder nothing is counted', () => {
  const threads = new PoolThreads();
  threads.look('/proc/self/task/0/task');
  expect(threads.count).toBeUndefined();
});
