import { describe, expect, test } from 'vitest';
import { refuse } from '../../src/endpoint/access.ts';

const nobody = { host: undefined, origin: undefined, authorization: undefined };
const loopback = { address: '127.0.0.1', token: undefined };
const everywhere = { address: '0.0.0.0', token: undefined };
const status = (...parameters: Parameters<typeof refuse>): number | undefined =>
  refuse(...parameters)?.status;

describe('on a loopback bind', () => {
  test.each([
    undefined,
    'localhost',
    'LOCALHOST:9465',
    'localhost.:80',
    'app.localhost:1',
    '127.0.0.1:9465',
    '127.8.9.10',
    '[::1]:9465',
    '[::1]',
  ])('every path answers to the Host %s', (host) => {
    expect(
      ['/', '/metrics', '/stalls', '/livez'].map((path) => status(path, { ...nobody, host }, loopback)),
    ).toEqual([undefined, undefined, undefined, undefined]);
  });

  test.each([
    '',
    'example.com',
    'example.com:9465',
    'localhost.example.com',
    '127.0.0.1.example.com',
    'notlocalhost',
    '10.0.0.1',
    '[::2]',
    '127.0.0.1@example.com',
    'localhost:80:80',
  ])('no path answers to the Host %s, as a page that rebinds its name sends it', (host) => {
    expect(['/metrics', '/stalls'].map((path) => status(path, { ...nobody, host }, loopback))).toEqual([
      403, 403,
    ]);
  });

  test('the bound address is a name of its own', () => {
    const rules = { address: '127.0.0.2', token: undefined };
    expect(status('/', { ...nobody, host: '127.0.0.2:9465' }, rules)).toBeUndefined();
  });

  test('a token that is set closes all but the public paths', () => {
    const rules = { ...loopback, token: 'secret-token' };
    const claims = { ...nobody, host: 'localhost' };
    expect(['/', '/stalls'].map((path) => status(path, claims, rules))).toEqual([401, 401]);
    expect(['/metrics', '/livez', '/readyz'].map((path) => status(path, claims, rules))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe.each(['0.0.0.0', '::', '10.1.2.3', '::ffff:10.1.2.3'])('on the public bind %s', (address) => {
  test('only the public paths answer, to any Host', () => {
    const claims = { ...nobody, host: 'shop.prod.svc:9465' };
    const paths = ['/metrics', '/livez', '/readyz', '/', '/stalls', '/unknown'];
    expect(paths.map((path) => status(path, claims, { address, token: undefined }))).toEqual([
      undefined,
      undefined,
      undefined,
      403,
      403,
      403,
    ]);
  });

  test('the right token opens every path, under any Host', () => {
    const rules = { address, token: 'secret-token' };
    const present = (authorization: string): number | undefined =>
      status('/stalls', { ...nobody, host: 'shop:9465', authorization }, rules);
    expect([present('Bearer secret-token'), present('bearer   secret-token')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(
      [
        'Bearer secret-tokem',
        'Bearer secret-token2',
        'Bearer secret',
        'Bearer ',
        'Basic secret-token',
        '',
      ].map(present),
    ).toEqual([401, 401, 401, 401, 401, 401]);
  });
});

describe('an Origin', () => {
  test.each([
    'http://evil.example',
    'null',
    '',
    'http://localhost:3000',
    'http://localhost:9465.evil.example',
  ])('%s is foreign to http://localhost:9465, on every path and with the token', (origin) => {
    const claims = { host: 'localhost:9465', origin, authorization: 'Bearer secret-token' };
    expect(status('/metrics', claims, loopback)).toBe(403);
    expect(status('/stalls', claims, { ...everywhere, token: 'secret-token' })).toBe(403);
  });

  test.each(['http://localhost:9465', 'https://localhost:9465'])('%s is our own', (origin) => {
    expect(status('/stalls', { ...nobody, host: 'localhost:9465', origin }, loopback)).toBeUndefined();
  });
});
