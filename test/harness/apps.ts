// Applications of test/apps: each folder has an install of its own, so that what it loads is what its lock file says.
import { fileURLToPath } from 'node:url';

/** Absolute path of a file, by its path under test/apps. */
export function appFile(path: string): string {
  return fileURLToPath(new URL(`../apps/${path}`, import.meta.url));
}
