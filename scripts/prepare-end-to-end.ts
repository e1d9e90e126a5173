// What end-to-end tests stand on: a build of the present sources, and the Node releases of
// test/nodes. vitest calls `setup` once before the first of them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Builds, and installs the Node releases where they are missing or their lock file has changed. */
export function setup(): void {
  run('the build', process.execPath, ['scripts/build.ts']);
  installNodeReleases();
}

interface LockedPackage {
  readonly integrity?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

function installNodeReleases(): void {
  const wanted = lockedPackages(join(root, 'test/nodes/package-lock.json'));
  // npm writes this file last, so what it lists has been unpacked whole.
  const present = lockedPackages(join(root, 'test/nodes/node_modules/.package-lock.json'));
  const missing = Object.entries(wanted).some(
    ([path, { integrity, os, cpu }]) =>
      path !== '' &&
      os?.includes(process.platform) !== false &&
      cpu?.includes(process.arch) !== false &&
      present[path]?.integrity !== integrity,
  );
  if (missing) {
    run('the install of test/nodes', 'npm', ['ci', '--prefix', 'test/nodes', '--no-audit', '--no-fund']);
  }
}

function lockedPackages(lockFile: string): Readonly<Record<string, LockedPackage>> {
  if (!existsSync(lockFile)) {
    return {};
  }
  return (JSON.parse(readFileSync(lockFile, 'utf8')) as { packages: Record<string, LockedPackage> }).packages;
}

function run(what: string, command: string, args: readonly string[]): void {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    const reason = error?.message ?? `${stdout}${stderr}`.trim();
    throw new Error(`${what} failed (${signal ?? status}):\n${reason}`);
  }
}
