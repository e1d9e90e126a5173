import { expect, test } from 'vitest';
import { shownFile, shownFunction } from '../../src/runner/code-place.ts';

test.each([
  ['/srv/orders/src/price.ts', 'src/price.ts'],
  ['/srv/other/price.ts', '/srv/other/price.ts'],
  ['node:internal/crypto/pbkdf2', 'node:internal/crypto/pbkdf2'],
  ['', ''],
])('the file %j is shown as %j', (file, expected) => {
  expect(shownFile(file, '/srv/orders')).toBe(expected);
});

test('a function without a name is called anonymous', () => {
  expect(shownFunction('')).toBe('(anonymous)');
  expect(shownFunction('priceBasket')).toBe('priceBasket');
});
