// How long this thread has been at work: what preempts it is in no difference of two readings.
import { builtin } from '../shared/builtin.ts';

const { performance } = builtin('node:perf_hooks');
// Held since load, as all that is called later.
const threadCpuUsage = process.threadCpuUsage as typeof process.threadCpuUsage | undefined;

/** Milliseconds of CPU since the thread's start; undefined where Node can't tell. */
export function threadCpuMs(): number | undefined {
  const cpu = threadCpuUsage?.();
  return cpu && (cpu.user + cpu.system) / 1000;
}

/** The same; of wall time where Node can't tell. */
export function workedMs(): number {
  return threadCpuMs() ?? performance.now();
}
