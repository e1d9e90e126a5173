// A thread's CPU time and run-queue wait, from outside of it. Linux only.
import { KeptFile } from './kept-file.ts';

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

export class ThreadScheduleReader extends KeptFile<ThreadSchedule> {
  constructor(path: string) {
    super(path, parseSchedule);
  }
}
