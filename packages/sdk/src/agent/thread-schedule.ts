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
      const [run = 0, wait = 0] = this.#buffer.toString('latin1', 0, length).split(' ').map(Number);
      return { runMs: run / 1e6, waitMs: wait / 1e6 };
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
