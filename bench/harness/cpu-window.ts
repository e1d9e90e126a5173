// What a process takes of the processors for a while, read from outside.
import { setTimeout as pass } from 'node:timers/promises';
import { readRunTimes } from './running-process.ts';

export interface CpuWindow {
  /** Milliseconds of CPU of the main thread. */
  readonly main: number;
  /** Milliseconds of CPU of all threads together. */
  readonly process: number;
  readonly seconds: number;
}

export async function cpuDuring(pid: number, windowMs: number): Promise<CpuWindow> {
  const before = readRunTimes(pid);
  const start = performance.now();
  await pass(windowMs);
  const after = readRunTimes(pid);
  const seconds = (performance.now() - start) / 1_000;
  const ran = (thread: number): number => ((after.get(thread) ?? 0) - (before.get(thread) ?? 0)) / 1e6;
  return {
    main: ran(pid),
    process: [...after.keys()].reduce((sum, thread) => sum + ran(thread), 0),
    seconds,
  };
}
