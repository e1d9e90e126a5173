import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/agent/fingerprint.ts';
import type { Culprit } from '../../src/shared/stall.ts';

const of = (changes: Partial<Culprit>): string =>
  fingerprintOf({ function: 'sum', file: '/srv/app/src/orders.js', ...changes });

describe('the fingerprint', () => {
  test('is short and printable', () => {
    expect(of({})).toMatch(/^[\da-f]{16}$/);
  });

  test.each([
    ['the folder of the deploy', { file: '/home/other/build-7/app/src/orders.js' }],
    ["the machine's way of writing paths", { file: 'D:\\deploy\\app\\src\\orders.js' }],
  ] as const)('is the same whatever %s', (_name, changes) => {
    expect(of(changes)).toBe(of({}));
  });

  test('is the same in each release folder of a deploy', () => {
    expect(of({ file: '/srv/app/releases/20260101/src/orders.js' })).toBe(
      of({ file: '/srv/app/releases/20260202/src/orders.js' }),
    );
  });

  test.each([
    [
      '/srv/app/node_modules/@acme/pages/lib/deep/er/x.js',
      '/opt/b/node_modules/@acme/pages/lib/deep/er/x.js',
    ],
    ['/srv/node_modules/a/node_modules/b/x.js', '/srv/node_modules/b/x.js'],
    ['C:\\app\\node_modules\\@acme\\pages\\x.js', '/app/node_modules/@acme/pages/x.js'],
  ])('of a package is the same wherever it is installed: %s', (one, other) => {
    expect(of({ file: one })).toBe(of({ file: other }));
  });

  test.each([
    ['functions', { function: 'total' }],
    ['files', { file: '/srv/app/src/invoices.js' }],
    ['packages', { file: '/srv/app/node_modules/orders/orders.js' }],
    ['scopes', { file: '/srv/app/node_modules/@acme/orders/orders.js' }],
    ["Node's modules", { file: 'node:fs' }],
  ] as const)('differs between %s', (_name, changes) => {
    expect(of(changes)).not.toBe(of({}));
  });

  test('keeps its value from version to version', () => {
    // FNV-1a, 64 bits, of "sum\napp/src/orders.js".
    expect(of({})).toBe('d0bbe938eb1b85c1');
  });

  test('keeps names apart that UTF-8 can tell apart', () => {
    const names = ['é', 'è', '漢', '字', '😀', ''];
    expect(new Set(names.map((name) => of({ function: name }))).size).toBe(names.length);
  });
});
