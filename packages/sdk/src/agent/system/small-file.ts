// Small files of /proc and of the cgroup file systems, read whole. Synchronously, since an asynchronous
// read is a job on the application's libuv pool, and without keeping a descriptor: opening costs about
// 5 µs, and the application's table of descriptors stays as it was.
import { closeSync, openSync, readSync } from 'node:fs';

const buffer = Buffer.alloc(8192);

/** The file's text, at most 8 KiB of it; undefined where there is no such file or it can't be read. */
export function readSmallFile(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) {
      closeSync(descriptor);
    }
  }
}

/** As `readSmallFile`; given in its place where a test has files of its own. */
export type ReadFile = (path: string) => string | undefined;
