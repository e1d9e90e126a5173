// Declarations by tsc, which checks the types of the package's sources as it goes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './file-placement.ts';
import { cacheFolder } from './stamp.ts';
import { BuildFailure } from './target.ts';

/** Emits a package's declarations aside, puts them in place and removes those that no longer are. */
export function emitDeclarations(root: string, packageFolder: string): readonly string[] {
  mkdirSync(cacheFolder(root), { recursive: true });
  const temporary = mkdtempSync(join(cacheFolder(root), 'types-'));
  try {
    compile(root, packageFolder, temporary);
    const types = `${packageFolder}/dist/types`;
    const names = listFiles(temporary);
    for (const name of names) {
      replaceFile(join(root, types, name), readFileSync(join(temporary, name), 'utf8'));
    }
    for (const name of listFiles(join(root, types))) {
      if (!names.includes(name) && name.endsWith('.d.ts')) {
        rmSync(join(root, types, name), { force: true });
      }
    }
    return names.map((name) => `${types}/${name}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function compile(root: string, packageFolder: string, outDir: string): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', `${packageFolder}/tsconfig.build.json`, '--outDir', outDir, '--pretty', 'false'];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new BuildFailure(error?.message ?? `${stdout}${stderr}`.trim());
  }
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
