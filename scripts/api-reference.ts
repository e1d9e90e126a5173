// Writes docs/api from the docstrings of all that the packages' entries for applications export. Fails where one of
// them has none.
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installLocked, runOrThrow } from './locked-install.ts';

const folder = 'scripts/api-reference';

export const apiFolder: string = resolve(import.meta.dirname, '../docs/api');

/** Writes it to a folder, whose content goes. Throws with the symbols that have no docstring. */
export function writeApiReference(to: string): void {
  installLocked(folder);
  rmSync(to, { recursive: true, force: true });
  runOrThrow('the API reference', process.execPath, [
    join(folder, 'node_modules/typedoc/bin/typedoc'),
    '--options',
    join(folder, 'typedoc.json'),
    '--out',
    to,
  ]);
}

if (import.meta.main) {
  writeApiReference(apiFolder);
}
