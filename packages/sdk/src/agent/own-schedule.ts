// The agent thread's own CPU time and run-queue wait. Linux only; read synchronously, since an
// asynchronous read is a job on the application's libuv pool.
import { closeSync, openSync, readSync } from 'node:fs';
import type { OwnSchedule } from './suspension.ts';

const path = '/proc/thread-self/schedstat';

export class OwnScheduleReader {
  readonly #buffer = Buffer.alloc(128);
  #descriptor: number | undefined;

  constructor() {
    try {
      this.#descriptor = openSync(path, 'r');
    } catch {
      // Not Linux, or not permitted.
    }
  }

  read(): OwnSchedule | undefined {
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
