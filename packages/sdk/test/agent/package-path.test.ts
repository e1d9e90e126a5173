import { expect, test } from 'vitest';
import { packagePath } from '../../src/agent/package-path.ts';

const packages = ['/srv/shop/package.json', '/srv/shop/services/orders/package.json'];
const pathOf = (file: string): string => packagePath(file, (path) => packages.includes(path));

test('a file of a package is told from the package’s name on', () => {
  expect(pathOf('/srv/shop/node_modules/@acme/a/lib/x.js')).toBe('@acme/a/lib/x.js');
});

test('a file of the application is told from the nearest package.json on', () => {
  expect(pathOf('/srv/shop/src/main.js')).toBe('src/main.js');
  expect(pathOf('/srv/shop/services/orders/src/price.js')).toBe('src/price.js');
});

test('without one, by its end, without what changes with each deploy', () => {
  expect(pathOf('/opt/releases/20261125/dist/server.js')).toBe('dist/server.js');
  expect(pathOf('node:internal/timers')).toBe('node:internal/timers');
});
