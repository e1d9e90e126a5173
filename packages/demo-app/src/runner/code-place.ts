// A place in code, as people read it.
import { isAbsolute, relative } from 'node:path';

/** The file relative to a root, where it lies under it; as it is, where not or where it is no path. */
export function shownFile(file: string, root: string): string {
  if (!isAbsolute(file)) {
    return file;
  }
  const below = relative(root, file);
  return below.startsWith('..') ? file : below;
}

/** A function's name; some have none. */
export function shownFunction(name: string): string {
  return name || '(anonymous)';
}
