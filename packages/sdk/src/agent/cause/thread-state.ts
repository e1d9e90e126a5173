// What one thread is doing at this moment, and how much the kernel has done for it, from outside of it.
// Linux only.
import { KeptFile } from '../kept-file.ts';

export interface ThreadState {
  /** Whether it sleeps: it waits for something other than a CPU. */
  readonly asleep: boolean;
  /** In the kernel, on behalf of the thread: cumulative, in steps of 10 ms. */
  readonly systemMs: number;
  /** Pages that it touched for the first time, cumulative. */
  readonly pageFaults: number;
}

/** `USER_HZ`, which Linux has fixed for all that it tells of in ticks. */
const ticksPerSecond = 100;

export class ThreadStateReader extends KeptFile<ThreadState> {
  /** `thread`: its id as the system has it; the main thread's is the process's. */
  constructor(thread: number) {
    super(`/proc/self/task/${thread}/stat`, parseThreadState);
  }
}

/** Of a `stat` file, as proc(5) has it. The name in parentheses may itself hold parentheses. */
export function parseThreadState(text: string): ThreadState | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // From the state on: the third field of the file.
  const [state, minorFaults, systemTicks] = [fields[0], Number(fields[7]), Number(fields[12])];
  return Number.isFinite(systemTicks) && Number.isFinite(minorFaults)
    ? {
        asleep: state === 'S' || state === 'D',
        systemMs: (systemTicks * 1000) / ticksPerSecond,
        pageFaults: minorFaults,
      }
    : undefined;
}
