// A file as its own package knows it: what stays the same wherever the package is installed.
import { existsSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { stablePath } from './fingerprint.ts';

/**
 * Under `node_modules`, from the package's name on; else relative to the nearest folder with a
 * `package.json`. Where there is none, as in a bundle, the end of the path without what changes with
 * each deploy. Reads the file system: synchronously, and seldom.
 */
export function packagePath(file: string, exists: (path: string) => boolean = existsSync): string {
  if (!file.startsWith('/') || /[\\/]node_modules[\\/]/.test(file)) {
    return stablePath(file);
  }
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (exists(`${folder}/package.json`)) {
      return relative(folder, file);
    }
  }
  return stablePath(file);
}
