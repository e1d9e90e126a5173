// How many threads libuv's pool has, or will have once somebody needs it.
import { readdirSync } from 'node:fs';
import { readSmallFile } from './system/small-file.ts';

const defaultSize = 4;
const mostThreads = 1024;
/** libuv reads the variable into so many bytes, and leaves one that does not fit aside. */
const longestText = 15;

/** As libuv understands `UV_THREADPOOL_SIZE`: like C's `atoi`, 0 and nonsense giving one thread. Pure. */
export function parsePoolSize(text: string | undefined): number {
  if (text === undefined || text.length > longestText) {
    return defaultSize;
  }
  const size = Number(/^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text)?.[1] ?? 0);
  // Taken without its sign, a negative number is a very large one.
  return size < 0 ? mostThreads : Math.min(Math.max(size, 1), mostThreads);
}

/**
 * Counts the pool's threads by the name that libuv gives them on Linux since 1.50. The names of threads
 * that were seen before are not read again: what looks for a pool that has not started costs about
 * 10 µs a time.
 */
export class PoolThreads {
  readonly #others = new Set<string>();
  #count: number | undefined;

  /** Threads of the pool; undefined while there are none that could be told. They are never fewer. */
  get count(): number | undefined {
    return this.#count;
  }

  look(folder: string = '/proc/self/task'): void {
    let threads: readonly string[];
    try {
      threads = readdirSync(folder);
    } catch {
      // Not Linux.
      return;
    }
    let count = 0;
    for (const thread of threads) {
      if (!this.#others.has(thread)) {
        const name = readSmallFile(`${folder}/${thread}/comm`);
        if (name === 'libuv-worker\n') {
          count += 1;
        } else {
          this.#others.add(thread);
        }
      }
    }
    if (count > 0) {
      this.#count = count;
    }
  }
}
