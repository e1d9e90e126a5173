import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseSleepingPlace, readSleepingPlace } from '../../src/agent/sleeping-place.ts';

describe('a thread sleeps', () => {
  const rest = '0x7f10 0x189 0x0 0x0 0x0 0xffffffff 0x7ffe18 0x7f89f0';

  test.each([
    ['in a futex', `202 ${rest}\n`, 'x64', '0x7ffe18 0x7f89f0'],
    ['in a futex that was resumed', `219 ${rest}\n`, 'x64', '0x7ffe18 0x7f89f0'],
    ['in a futex on ARM', `98 ${rest}\n`, 'arm64', '0x7ffe18 0x7f89f0'],
    ['in a read', `0 ${rest}\n`, 'x64', undefined],
    ['not at all', 'running\n', 'x64', undefined],
    ['in no call', '-1 0x7ffe18 0x7f89f0\n', 'x64', undefined],
    ['where calls have other numbers', `202 ${rest}\n`, 'riscv64', undefined],
  ])('%s', (_, text, architecture, place) => {
    expect(parseSleepingPlace(text, architecture)).toBe(place);
  });
});

const known = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);

test.runIf(known)('a worker in Atomics.wait is found at the same place each time', async () => {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
    parentPort.postMessage(Number(require('node:fs').readlinkSync('/proc/thread-self').split('/').at(-1)));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
    { eval: true, execArgv: [] },
  );
  onTestFinished(() => void worker.terminate());
  const [thread] = (await once(worker, 'message')) as [number];
  const place = await vi.waitFor(() => readSleepingPlace(thread) ?? expect.fail('awake'));
  expect(readSleepingPlace(thread)).toBe(place);
});

test('there is no such thread', () => {
  expect(readSleepingPlace(0)).toBeUndefined();
});
