// What kept a thread from running, as it stands at a moment: read at a stall's start and at its end, the
// differences tell a thread that worked from one that got no CPU. About 55 µs a reading.
import { readFileSync } from 'node:fs';
import { parseSchedule } from '../thread-schedule.ts';
import { Cgroup } from './cgroup.ts';
import { parsePressure } from './pressure.ts';
import { type ReadFile, readSmallFile } from './small-file.ts';

/** Cumulative, in milliseconds; what can't be read is absent. */
export interface Contention {
  /** For which the CPU limit of the process's control group held it back, summed over CPUs. */
  readonly throttledMs?: number;
  /** For which the thread was ready to run and had no CPU. */
  readonly waitMs?: number;
  /** For which the thread was on a CPU. */
  readonly runMs?: number;
  /** For which something of the control group, or else of the system, waited for a CPU. */
  readonly cpuPressureMs?: number;
}

export class ContentionReader {
  readonly #read: ReadFile;
  readonly #cgroup: Cgroup;

  constructor(cgroup: Cgroup = new Cgroup(readMounts), read: ReadFile = readSmallFile) {
    this.#cgroup = cgroup;
    this.#read = read;
  }

  /** `taskId`: the thread's id in the operating system; the main thread's is `process.pid`. */
  read(taskId: number): Contention {
    this.#cgroup.refresh();
    const throttledMs = this.#cgroup.cpuStatistics()?.throttledMs;
    const schedule = parseSchedule(this.#read(`/proc/self/task/${taskId}/schedstat`) ?? '');
    const pressure = this.#cgroup.pressure('cpu')?.text ?? this.#read('/proc/pressure/cpu') ?? '';
    const cpuPressureMs = parsePressure(pressure).some;
    return {
      ...(throttledMs !== undefined && { throttledMs }),
      ...schedule,
      ...(cpuPressureMs !== undefined && { cpuPressureMs }),
    };
  }
}

/** The mounts that this process sees; undefined where the system has no such file. */
export function readMounts(): string | undefined {
  try {
    return readFileSync('/proc/self/mountinfo', 'latin1');
  } catch {
    return undefined;
  }
}
