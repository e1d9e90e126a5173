// Installs of folders that are outside the workspace, by their own lock files.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

interface LockedPackage {
  readonly integrity?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** Installs what a folder's lock file lists, where it is missing or the lock file has changed. */
export function installLocked(folder: string): void {
  const wanted = lockedPackages(join(root, folder, 'package-lock.json'));
  // npm writes this file last, so what it lists has been unpacked whole.
  const present = lockedPackages(join(root, folder, 'node_modules/.package-lock.json'));
  const missing = Object.entries(wanted).some(
    ([path, { integrity, os, cpu }]) =>
      path !== '' &&
      os?.includes(process.platform) !== false &&
      cpu?.includes(process.arch) !== false &&
      present[path]?.integrity !== integrity,
  );
  if (missing) {
    const args = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
    runOrThrow(`the install of ${folder}`, 'npm', args);
  }
}

/** Runs a command in the workspace's root; what it prints is shown only where it fails. */
export function runOrThrow(what: string, command: string, args: readonly string[]): void {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    const reason = error?.message ?? `${stdout}${stderr}`.trim();
    throw new Error(`${what} failed (${signal ?? status}):\n${reason}`);
  }
}

function lockedPackages(lockFile: string): Readonly<Record<string, LockedPackage>> {
  if (!existsSync(lockFile)) {
    return {};
  }
  return (JSON.parse(readFileSync(lockFile, 'utf8')) as { packages: Record<string, LockedPackage> }).packages;
}
