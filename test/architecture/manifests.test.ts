import { describe, expect, test } from 'vitest';
import { sdkVersion } from '../../packages/sdk/src/shared/version.ts';
import { readManifest } from './source-files.ts';

const folders = [
  '.',
  'packages/sdk',
  'packages/exporter',
  'packages/demo-app',
  'test',
  'test/nodes',
  'bench/peers',
];

test.each(folders)('%s depends on exact versions only', (folder) => {
  const { dependencies, devDependencies, optionalDependencies } = readManifest(folder);
  const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const open = versions.filter(
    ([, version]) => !/^(?:npm:[a-z0-9-]+@)?\d+\.\d+\.\d+(?:-[a-z0-9.]+)?$/.test(version),
  );
  expect(open).toEqual([]);
});

describe('one version', () => {
  const sdk = readManifest('packages/sdk');
  const exporter = readManifest('packages/exporter');

  test('is told by the code and by both manifests', () => {
    expect([sdkVersion, exporter.version]).toEqual([sdk.version, sdk.version]);
  });

  test('is what the packages ask of each other', () => {
    expect(exporter.dependencies?.['@loopscope/sdk']).toBe(sdk.version);
    expect(sdk.devDependencies?.['@loopscope/exporter']).toBe(sdk.version);
  });
});
