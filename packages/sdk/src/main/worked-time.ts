// How long this thread has been at work: what preempts it is in no difference of two readings.
import { builtin } from '../shared/builtin.ts';

const { performance } = builtin('node:perf_hooks');
const threadCpuUsage = process.threadCpuUsage as typeof process.threadCpuUsage | undefined;

/** Milliseconds of CPU since the thread's start; of wall time where Node can't tell (22). */
export function workedMs(): number {
  if (threadCpuUsage === undefined) {
    return performance.now();
  }
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
}
