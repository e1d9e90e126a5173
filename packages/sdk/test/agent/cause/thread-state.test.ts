import { expect, test } from 'vitest';
import { parseThreadState, ThreadStateReader } from '../../../src/agent/cause/thread-state.ts';

const stat = (state: string): string =>
  `4711 (node (main) 1) ${state} 1 4711 4711 0 -1 4194560 5012 0 3 0 250 125 0 0 20 0 11 0 87654 1 1 1`;

test('a thread sleeps where it waits, for a disk too, and not where it runs or would', () => {
  expect(parseThreadState(stat('S'))).toEqual({ asleep: true, systemMs: 1250, pageFaults: 5012 });
  expect(parseThreadState(stat('D'))?.asleep).toBe(true);
  expect(parseThreadState(stat('R'))?.asleep).toBe(false);
});

test('what is no such file tells nothing', () => {
  expect(parseThreadState('')).toBeUndefined();
  expect(new ThreadStateReader(-1).read()).toBeUndefined();
});

test.skipIf(process.platform !== 'linux')('the thread that asks is awake', () => {
  const reader = new ThreadStateReader(process.pid);
  expect(reader.read()).toMatchObject({ systemMs: expect.any(Number), pageFaults: expect.any(Number) });
  reader.stop();
  expect(reader.read()).toBeUndefined();
});
