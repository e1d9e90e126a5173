import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { observePauses } from '../src/loop-pause.ts';

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('the longest pause is the block, not the sum of the waits', async () => {
  const start = performance.now();
  const { result, longestPauseMs } = await observePauses(async () => {
    await delay(100);
    block(150);
    await delay(100);
    return 'done';
  });
  expect(result).toBe('done');
  expect(longestPauseMs).toBeGreaterThanOrEqual(149);
  expect(longestPauseMs).toBeLessThan(performance.now() - start - 100);
});

test('a block in which the work ends is seen as well', async () => {
  const { longestPauseMs } = await observePauses(async () => {
    await delay(1);
    block(120);
  });
  expect(longestPauseMs).toBeGreaterThanOrEqual(119);
});

test('a failure of the work is passed on', async () => {
  await expect(observePauses(() => Promise.reject(new Error('no stock')))).rejects.toThrow('no stock');
});
