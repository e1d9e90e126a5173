// Whether a target is up to date. A stamp holds the hash of a target's inputs and of each file made
// from them. The outputs are hashed too because two builds may overlap: the one that started from
// older sources can put its files in place last, and then the stamp no longer matches them.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFile } from './file-placement.ts';
import type { BuildTarget } from './target.ts';

interface Stamp {
  readonly inputs: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What every target depends on: the build itself, the compiler's options, the installed packages. */
const commonInputs = [
  'scripts/build.ts',
  'scripts/build',
  'tsconfig.json',
  'node_modules/.package-lock.json',
];

/** The hash of everything that decides a target's result. Take it before the target is made. */
export function hashInputs(root: string, target: BuildTarget): string {
  const hash = createHash('sha256').update(process.version);
  for (const input of [...commonInputs, ...target.inputs]) {
    addToHash(hash, root, input);
  }
  return hash.digest('hex');
}

/** Whether the target's files are those that these inputs gave. */
export function isUpToDate(root: string, target: BuildTarget, inputs: string): boolean {
  try {
    const stamp = JSON.parse(readFileSync(stampPath(root, target), 'utf8')) as Stamp;
    return (
      stamp.inputs === inputs &&
      Object.entries(stamp.outputs).every(([file, hash]) => hashFile(join(root, file)) === hash)
    );
  } catch {
    return false;
  }
}

/** Remembers what was made, and from what. */
export function writeStamp(
  root: string,
  target: BuildTarget,
  inputs: string,
  files: readonly string[],
): void {
  const outputs = Object.fromEntries(files.map((file) => [file, hashFile(join(root, file))]));
  const path = stampPath(root, target);
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, JSON.stringify({ inputs, outputs } satisfies Stamp));
}

/** Where the build keeps what is not part of its result; on the same file system as the result. */
export function cacheFolder(root: string): string {
  return join(root, 'node_modules/.cache/loopscope-build');
}

function stampPath(root: string, target: BuildTarget): string {
  return join(cacheFolder(root), `${target.name.replaceAll(/[^a-z0-9.-]+/g, '-')}.json`);
}

function hashFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function addToHash(hash: ReturnType<typeof createHash>, root: string, path: string): void {
  const absolute = join(root, path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  hash.update(`\0${path}\0`);
  if (stats?.isDirectory() === true) {
    for (const entry of readdirSync(absolute).sort()) {
      addToHash(hash, root, `${path}/${entry}`);
    }
  } else if (stats !== undefined) {
    hash.update(readFileSync(absolute));
  }
}
