import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { findPort, parsePort } from '../src/port.ts';

test.each([
  [undefined, 3000],
  ['', 3000],
  ['0', 0],
  ['65535', 65_535],
  ['65536', undefined],
  ['-1', undefined],
  ['80a', undefined],
  ['1e3', undefined],
])('%j is port %j', (value, expected) => {
  expect(parsePort(value, 3000)).toBe(expected);
});

test('a port that is taken gives way to one that is free', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const taken = (holder.address() as AddressInfo).port;
  const found = await findPort('127.0.0.1', taken);
  expect(found).not.toBe(taken);
  expect(found).toBeGreaterThan(0);
  holder.close();
  await once(holder, 'close');
  expect(await findPort('127.0.0.1', taken)).toBe(taken);
});
