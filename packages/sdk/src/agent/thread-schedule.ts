// A thread's CPU time and run-queue wait, from outside of it. Linux only; read synchronously, since an
// asynchronous read is a job on the application's libuv pool.
import { closeSync, openSync, readSync } from 'node:fs';

/** Cumulative, in milliseconds. */
export interface ThreadSchedule {
  /** On a CPU. */
  readonly runMs: number;
  /** Ready to run and waiting for a CPU. */
  readonly waitMs: number;
}

/** Of the thread that reads. */
export const ownSchedulePath = '/proc/thread-self/schedstat';
/** Of the process's main thread, whose thread id is the process's. */
export const mainSchedulePath = `/proc/self/task/${process.pid}/schedstat`;

/** By the text of a `schedstat`: nanoseconds run, nanoseconds waited, slices. Pure. */
export function parseSchedule(text: string): ThreadSchedule | undefined {
  const [, run, wait] = /^(\d+) (\d+) \d+\s*$/.exec(text) ?? [];
  return run === undefined ? undefined : { runMs: Number(run) / 1e6, waitMs: Number(wait) / 1e6 };
}

export class ThreadScheduleReader {
  readonly #buffer = Buffer.alloc(128);
  #descriptor: number | undefined;

  constructor(path: string) {
    try {
      this.#descriptor = openSync(path, 'r');
    } catch {
      // Not Linux, or not permitted.
    }
  }

  read(): ThreadSchedule | undefined {
    if (this.#descriptor === undefined) {
      return undefined;
    }
    try {
      const length = readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, 0);
      return parseSchedule(this.#buffer.toString('latin1', 0, length));
    } catch {
      this.stop();
      return undefined;
    }
  }

  stop(): void {
    if (this.#descriptor !== undefined) {
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
    }
  }
}
