import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LockedPackages, missingPlatformPackages } from '../../scripts/lock-file/platform-packages.ts';
import { root } from './source-files.ts';

function lockedPackages(file: string): LockedPackages {
  return (JSON.parse(readFileSync(join(root, file), 'utf8')) as { packages: LockedPackages }).packages;
}

test.each([
  'package-lock.json',
  'test/nodes/package-lock.json',
  'bench/peers/package-lock.json',
  'examples/package-lock.json',
  'scripts/api-reference/package-lock.json',
  ...readdirSync(join(root, 'test/apps')).map((app) => `test/apps/${app}/package-lock.json`),
])('%s has every platform package, as npm ci asks: else run node scripts/complete-lock.ts', (file) => {
  expect(Object.keys(missingPlatformPackages(lockedPackages(file)))).toEqual([]);
});

describe('a platform package that the lock file leaves out', () => {
  const tool = {
    version: '2.0.0',
    dev: true,
    optionalDependencies: {
      '@tool/linux-arm64-musl': '2.0.0',
      '@tool/darwin-x64': '2.0.0',
      fsevents: '~2.3.3',
    },
  };

  test('is added with its platform', () => {
    const darwin = { version: '2.0.0', dev: true, optional: true, cpu: ['x64'], os: ['darwin'] };
    const musl = {
      version: '2.0.0',
      dev: true,
      optional: true,
      cpu: ['arm64'],
      libc: ['musl'],
      os: ['linux'],
    };
    expect(missingPlatformPackages({ 'node_modules/tool': tool })).toEqual({
      'node_modules/@tool/darwin-x64': darwin,
      'node_modules/@tool/linux-arm64-musl': musl,
    });
    expect(
      missingPlatformPackages({
        'node_modules/tool': tool,
        'node_modules/@tool/darwin-x64': darwin,
        'node_modules/@tool/linux-arm64-musl': musl,
      }),
    ).toEqual({});
  });

  test('goes below its parent where another version is at the top', () => {
    const packages = {
      'node_modules/tool': { ...tool, optionalDependencies: { '@tool/darwin-x64': '2.0.0' } },
      'node_modules/@tool/darwin-x64': { version: '1.0.0', os: ['darwin'], cpu: ['x64'] },
    };
    expect(Object.keys(missingPlatformPackages(packages))).toEqual([
      'node_modules/tool/node_modules/@tool/darwin-x64',
    ]);
  });
});
