import { MessageChannel, MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { postMessage, stringSlice } from '../../src/main/held.ts';

const fails = (): never => {
  throw new Error('a replacement that fails');
};

test('what is held does as the methods do', () => {
  expect(stringSlice('abcdef', 1, 3)).toBe('bc');
  const { port1, port2 } = new MessageChannel();
  postMessage(port1, { kind: 'gc', entries: [] });
  expect(receiveMessageOnPort(port2)?.message).toEqual({ kind: 'gc', entries: [] });
  port1.close();
});

test('what the application puts in their place, later, is not called', () => {
  const { port1, port2 } = new MessageChannel();
  const spies = [
    vi.spyOn(String.prototype, 'slice').mockImplementation(fails),
    vi.spyOn(MessagePort.prototype, 'postMessage').mockImplementation(fails),
  ];
  const { call, apply } = Function.prototype;
  Function.prototype.call = fails;
  Function.prototype.apply = fails;
  let slice = '';
  try {
    slice = stringSlice('abcdef', 1, 3);
    postMessage(port1, 'posted');
  } finally {
    Function.prototype.call = call;
    Function.prototype.apply = apply;
    for (const spy of spies) {
      spy.mockRestore();
    }
  }
  expect(slice).toBe('bc');
  expect(receiveMessageOnPort(port2)?.message).toBe('posted');
  port1.close();
});
