import { describe, expect, test } from 'vitest';
import { bindAddress, isLoopback, urlOf } from '../../src/endpoint/bind-address.ts';

describe('the bind address', () => {
  test.each([
    ['localhost', '127.0.0.1'],
    ['LocalHost', '127.0.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['::', '::'],
  ])('of %s is %s', (host, address) => {
    expect(bindAddress(host)).toBe(address);
  });

  test.each(['example.com', '', '127.0.0.1:80', '999.1.1.1', '[::1', '*'])('of %s is none', (host) => {
    expect(bindAddress(host)).toBeUndefined();
  });

  test('is loopback or not', () => {
    const addresses = [
      '127.0.0.1',
      '127.1.2.3',
      '::1',
      '::ffff:127.0.0.1',
      '0.0.0.0',
      '::',
      '10.0.0.1',
      '128.0.0.1',
    ];
    expect(addresses.map(isLoopback)).toEqual([true, true, true, true, false, false, false, false]);
  });

  test('is shown as a URL that opens on this machine', () => {
    expect([urlOf('127.0.0.1', 1), urlOf('0.0.0.0', 2), urlOf('::', 3), urlOf('fe80::1', 4)]).toEqual([
      'http://127.0.0.1:1',
      'http://127.0.0.1:2',
      'http://[::1]:3',
      'http://[fe80::1]:4',
    ]);
  });
});
