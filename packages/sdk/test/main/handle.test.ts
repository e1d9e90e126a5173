import { expect, test } from 'vitest';
import { handleOff } from '../../src/main/handle.ts';

test('a handle where nothing runs says why, and may be used all the same', async () => {
  const handle = handleOff('no threads');
  expect(handle).toMatchObject({ state: 'off', reason: 'no threads', url: undefined });
  const undo = handle.on('stall', () => expect.fail('there are no stalls'));
  expect(undo).not.toThrow();
  await expect(handle.stop()).resolves.toBeUndefined();
  expect(handle.state).toBe('off');
});
