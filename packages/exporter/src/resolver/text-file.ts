import { readFileSync, statSync } from 'node:fs';

/**
 * Reads a small file synchronously, and again only when it has changed. Empty where it can't be read
 * or is no regular file: a FIFO would hold the thread for ever.
 */
export function textFile(path: string): () => string {
  let version = '';
  let text = '';
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const present = `${mtimeMs} ${size} ${ino}`;
      if (present !== version) {
        text = statSync(path).isFile() ? readFileSync(path, 'utf8') : '';
        version = present;
      }
    } catch {
      text = '';
      version = '';
    }
    return text;
  };
}
