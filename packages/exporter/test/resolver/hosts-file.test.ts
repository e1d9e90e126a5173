import { expect, test } from 'vitest';
import { addressesInHosts } from '../../src/resolver/hosts-file.ts';

const hosts = [
  '# collector 10.0.0.9',
  '127.0.0.1\tlocalhost',
  '  10.0.0.1   collector collector.internal # 10.0.0.2 other',
  '::1 collector',
  '10.0.0.1 collector',
  'nonsense collector',
  '',
  '10.0.0.3',
].join('\r\n');

test('a hosts file gives all addresses of a name once, in its order', () => {
  expect(addressesInHosts(hosts, 'collector')).toEqual(['10.0.0.1', '::1']);
  expect(addressesInHosts(hosts, 'COLLECTOR.internal.')).toEqual(['10.0.0.1']);
});

test('a hosts file gives nothing for names in comments, parts of names, or none', () => {
  expect(['other', 'coll', 'internal', '', '10.0.0.3'].map((name) => addressesInHosts(hosts, name))).toEqual([
    [],
    [],
    [],
    [],
    [],
  ]);
});
