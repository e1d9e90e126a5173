import { EventEmitter } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { countListenerWarnings } from '../../src/main/listener-warnings.ts';

test("Node's warnings of too many listeners are counted, and no others", async () => {
  const before = process.listenerCount('warning');
  const { count, stop } = countListenerWarnings();
  onTestFinished(stop);
  const emitter = new EventEmitter();
  for (let i = 0; i < 15; i += 1) {
    emitter.on('change', () => {});
  }
  process.emitWarning('something else');
  await expect.poll(count, { timeout: 20_000 }).toBe(1);
  stop();
  expect(process.listenerCount('warning')).toBe(before);
});

test('a warning that throws when it is looked at is left alone', () => {
  const { count, stop } = countListenerWarnings();
  const [ours] = process.listeners('warning').slice(-1);
  stop();
  const hostile = Object.defineProperty({}, 'name', {
    get: () => {
      throw new Error('hostile');
    },
  });
  expect(() => ours?.(hostile as Error)).not.toThrow();
  expect(() => ours?.(undefined as unknown as Error)).not.toThrow();
  expect(count()).toBe(0);
});
