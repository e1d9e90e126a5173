import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Manifest,
  type PackedPackage,
  packPackage,
  readManifest,
  root,
  runTool,
  unpack,
} from './packed-packages.ts';

const expectations = {
  sdk: {
    files: [
      'dist/LICENSE',
      'dist/agent-thread.cjs',
      'dist/agent-thread.licenses.txt',
      'dist/configuration-file.cjs',
      'dist/configuration-file.licenses.txt',
      'dist/index.js',
      'dist/register.js',
      'dist/telemetry.js',
      'package.json',
      'register.cjs',
    ],
    packedBytesAtMost: 300_000,
    fileBytesAtMost: {
      'dist/agent-thread.cjs': 300_000,
      'dist/configuration-file.cjs': 550_000,
      'dist/register.js': 65_000,
      'dist/index.js': 65_000,
    },
  },
  exporter: {
    files: [
      'dist/LICENSE',
      'dist/index.js',
      'dist/instrumentation.js',
      'dist/middleware.js',
      'dist/prom-client.js',
      'package.json',
    ],
    packedBytesAtMost: 80_000,
    fileBytesAtMost: { 'dist/index.js': 120_000 },
  },
} as const;

describe.each(['sdk', 'exporter'] as const)('the tarball of the %s', (name) => {
  let folder: string;
  let packed: PackedPackage;
  let manifest: Manifest;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'loopscope-pack-'));
    packed = packPackage(name, folder);
    manifest = unpack(packed.tarball, join(folder, 'unpacked'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds what is run, its licences, its declarations, and nothing else', () => {
    const isDeclaration = (file: string): boolean =>
      /^dist\/types\/[a-z-]+(?:\/[a-z\d-]+)*\.d\.ts$/.test(file);
    const readme = (file: string): boolean => file === 'README.md' || file === 'CHANGELOG.md';
    const files = [...packed.files.keys()];
    expect(files.filter((file) => !isDeclaration(file) && !readme(file)).sort()).toEqual(
      expectations[name].files,
    );
    expect(files).toContain('dist/types/index.d.ts');
  });

  test('is small', () => {
    const { packedBytesAtMost, fileBytesAtMost } = expectations[name];
    expect(packed.packedBytes).toBeLessThan(packedBytesAtMost);
    for (const [file, bytes] of Object.entries(fileBytesAtMost)) {
      expect(packed.files.get(file), file).toBeLessThan(bytes);
    }
  });

  test('has every file that its exports name, but for the sources of this workspace', () => {
    const named = JSON.stringify(manifest.exports).match(/\.\/[^"]+\.[a-z]+(?=")/g) ?? [];
    const missing = named.filter((file) => !packed.files.has(file.slice(2)));
    expect(missing.filter((file) => !file.startsWith('./src/'))).toEqual([]);
  });

  test('runs nothing when it is installed', () => {
    expect(manifest.scripts ?? {}).toEqual({});
  });

  test('has exports that publint finds no fault with', () => {
    const publint = join(root, 'node_modules/publint/src/cli.js');
    const output = runTool(process.execPath, [publint, 'run', packed.tarball, '--strict', '--pack', 'false']);
    expect(output).toContain('All good!');
  });

  test('has declarations that resolve wherever its modules do', () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    // The preload alone has a CommonJS door, for `--require`, and one declaration for both doors: none
    // of it can be imported by name. installed-types.test.ts checks that it resolves.
    const args = ['--profile', 'esm-only', '--no-definitely-typed', '--exclude-entrypoints', './register'];
    expect(runTool(process.execPath, [attw, packed.tarball, ...args])).toContain('(ESM)');
  });
});

test('an install of the sdk brings nothing beside it', () => {
  const manifest = readManifest(join(root, 'packages/sdk'));
  const { dependencies, peerDependencies, optionalDependencies, bundleDependencies } = manifest;
  expect([dependencies, peerDependencies, optionalDependencies, bundleDependencies]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
