// What the operating system tells of this process and of what it may use. Read when somebody collects,
// all in one pass, at most about once a second: readers within that time share a reading. One takes about
// 0.14 ms of the agent thread.
import { readdirSync, statSync } from 'node:fs';
import type { Monotonic } from '../../shared/clock.ts';
import { parseSchedule, type ThreadSchedule } from '../thread-schedule.ts';
import { Cgroup, type CgroupMemory } from './cgroup.ts';
import type { CpuStatistics } from './cgroup-files.ts';
import { readMounts } from './contention.ts';
import { ContinuedCounter } from './continued-counter.ts';
import { type PressureKind, parsePressure } from './pressure.ts';
import { parseDescriptorLimit, parseThreadCount } from './process-status.ts';
import { type ReadFile, readSmallFile } from './small-file.ts';

/** A little less than a second, so that a reader that comes each second finds a new one each time. */
const sharedForMs = 900;

const resources = ['cpu', 'memory', 'io'] as const;

export interface PressureReading {
  readonly resource: (typeof resources)[number];
  readonly kind: PressureKind;
  /** Cumulative. */
  readonly ms: number;
}

/** What can't be read is absent. Counts are cumulative. */
export interface SystemReading {
  readonly voluntarySwitches?: number;
  readonly involuntarySwitches?: number;
  readonly majorFaults?: number;
  readonly minorFaults?: number;
  readonly threads?: number;
  readonly descriptors?: number;
  readonly descriptorLimit?: number;
  readonly cpuLimit?: number;
  readonly cpuStatistics?: CpuStatistics;
  readonly memory: CgroupMemory;
  readonly pressure: readonly PressureReading[];
}

export interface SystemReadingsParts {
  readonly now: () => Monotonic;
  readonly read?: ReadFile;
  readonly readMounts?: () => string | undefined;
  readonly countDescriptors?: () => number | undefined;
  readonly platform?: NodeJS.Platform;
}

export class SystemReadings {
  readonly #parts: Required<SystemReadingsParts>;
  readonly #cgroup: Cgroup;
  readonly #counters = new Map<string, ContinuedCounter>();
  #latest: SystemReading | undefined;
  #readAt: Monotonic = Number.NEGATIVE_INFINITY;

  constructor(parts: SystemReadingsParts) {
    this.#parts = {
      read: readSmallFile,
      readMounts,
      countDescriptors,
      platform: process.platform,
      ...parts,
    };
    this.#cgroup = new Cgroup(this.#parts.readMounts, this.#parts.read);
  }

  read(): SystemReading {
    const now = this.#parts.now();
    if (this.#latest === undefined || now - this.#readAt >= sharedForMs) {
      this.#readAt = now;
      this.#latest = this.#take();
    }
    return this.#latest;
  }

  /** Of one thread of the process, by its id in the operating system. */
  schedule(taskId: number): ThreadSchedule | undefined {
    return parseSchedule(this.#parts.read(`/proc/self/task/${taskId}/schedstat`) ?? '');
  }

  #take(): SystemReading {
    const { read, platform } = this.#parts;
    this.#cgroup.refresh();
    const usage = process.resourceUsage();
    const all = {
      majorFaults: usage.majorPageFault,
      minorFaults: usage.minorPageFault,
      // Windows counts no switches, and libuv gives zeros.
      ...(platform !== 'win32' && {
        voluntarySwitches: usage.voluntaryContextSwitches,
        involuntarySwitches: usage.involuntaryContextSwitches,
      }),
      threads: parseThreadCount(read('/proc/self/stat') ?? ''),
      descriptors: this.#parts.countDescriptors(),
      descriptorLimit: parseDescriptorLimit(read('/proc/self/limits') ?? ''),
      cpuLimit: this.#cgroup.cpuLimit(),
      cpuStatistics: this.#cpuStatistics(),
    };
    return {
      ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
      memory: this.#cgroup.memory(),
      pressure: resources.flatMap((resource) => this.#pressure(resource)),
    };
  }

  #cpuStatistics(): CpuStatistics | undefined {
    const found = this.#cgroup.cpuStatistics();
    return (
      found && {
        periods: this.#continued('periods', found.folder, found.periods),
        throttledPeriods: this.#continued('throttledPeriods', found.folder, found.throttledPeriods),
        throttledMs: this.#continued('throttledMs', found.folder, found.throttledMs),
      }
    );
  }

  #pressure(resource: PressureReading['resource']): PressureReading[] {
    const own = this.#cgroup.pressure(resource);
    const source = own === undefined ? 'system' : own.folder;
    const text = own?.text ?? this.#parts.read(`/proc/pressure/${resource}`) ?? '';
    return Object.entries(parsePressure(text)).map(([kind, ms]) => ({
      resource,
      kind: kind as PressureKind,
      ms: this.#continued(`${resource} ${kind}`, source, ms),
    }));
  }

  #continued(name: string, source: string, value: number): number {
    const counter = this.#counters.get(name) ?? new ContinuedCounter();
    this.#counters.set(name, counter);
    return counter.show(source, value);
  }
}

/** Open descriptors of this process; undefined where the system does not tell. */
function countDescriptors(): number | undefined {
  try {
    // The kernel gives their number as the folder's size from Linux 6.2 on; listing ten thousand of them
    // takes 10 ms.
    const { size } = statSync('/proc/self/fd');
    // One is that of the list itself.
    return size > 0 ? size : readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}
