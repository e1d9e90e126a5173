// What one thread has told of its async tasks: the last reading, and the last census.
import type { Monotonic } from '../../shared/clock.ts';
import type { RawCallSite } from '../../shared/raw-call-site.ts';
import type { Frame } from '../../shared/stall.ts';
import type { CensusMessage, TaskCount, TasksReading } from '../../shared/tasks.ts';
import type { CensusReport, ThreadTasksReport } from '../../shared/tasks-report.ts';
import { printable } from '../frames.ts';
import { Census } from './census.ts';

/** The window that all gauges share. */
const windowMs = 15_000;
const longestType = 80;

interface Point {
  readonly at: Monotonic;
  readonly operations: number;
}

export class ThreadTasks {
  #reading: TasksReading | undefined;
  #counts: readonly TaskCount[] | undefined;
  #everCounted: readonly TaskCount[] = [];
  /** Oldest first; the first is the newest one that is older than the window. */
  #points: Point[] = [];
  #census: Census | undefined;

  /** The last reading; its counts are under `counts`. */
  get reading(): TasksReading | undefined {
    return this.#reading;
  }

  /** By type, with names that are safe to show; undefined where tasks are not counted. */
  get counts(): readonly TaskCount[] | undefined {
    return this.#counts;
  }

  /** The last counts, also when tasks are no longer counted. */
  get everCounted(): readonly TaskCount[] {
    return this.#everCounted;
  }

  /** Live tasks by type, such as `PBKDF2REQUEST`; undefined where tasks are not counted. */
  get live(): ReadonlyMap<string, number> | undefined {
    return this.#counts && new Map(this.#counts.map(({ type, live }) => [type, live]));
  }

  get census(): CensusReport | undefined {
    return this.#census?.report;
  }

  add(reading: TasksReading, at: Monotonic): void {
    this.#reading = reading;
    this.#counts = reading.counts && shown(reading.counts);
    this.#everCounted = this.#counts ?? this.#everCounted;
    if (reading.operations === undefined) {
      this.#points = [];
      return;
    }
    this.#points.push({ at, operations: reading.operations });
    while ((this.#points[1]?.at ?? at) <= at - windowMs) {
      this.#points.shift();
    }
  }

  /** The census that has just ended with this message, if one has. */
  addCensus(
    message: CensusMessage,
    frames: (callSites: readonly RawCallSite[]) => readonly Frame[],
  ): CensusReport | undefined {
    if (message.part === 'started') {
      this.#census = new Census(message, frames);
      return undefined;
    }
    return this.#census?.add(message) === true ? this.#census.report : undefined;
  }

  report(thread: string): ThreadTasksReport | undefined {
    if (this.#reading === undefined) {
      return undefined;
    }
    const { level, promises, untracked } = this.#reading;
    const operationsPerSecond = this.#operationsPerSecond();
    return {
      thread,
      level,
      promises,
      ...(operationsPerSecond !== undefined && { operationsPerSecond }),
      ...(this.#counts && {
        counts: this.#counts.toSorted((a, b) => b.live - a.live || b.created - a.created),
      }),
      ...(untracked !== undefined && { untracked }),
      ...(this.#census && { census: this.#census.report }),
    };
  }

  #operationsPerSecond(): number | undefined {
    const [first] = this.#points;
    const last = this.#points.at(-1);
    return first === undefined || last === undefined || last.at <= first.at
      ? undefined
      : Math.round(((last.operations - first.operations) * 10_000) / (last.at - first.at)) / 10;
  }
}

// Names are the application's: two of them may look alike once they are made safe.
function shown(counts: readonly TaskCount[]): readonly TaskCount[] {
  const merged = new Map<string, TaskCount>();
  for (const { type: name, created, destroyed, live } of counts) {
    const type = printable(name, longestType);
    const before = merged.get(type);
    merged.set(type, {
      type,
      created: created + (before?.created ?? 0),
      destroyed: destroyed + (before?.destroyed ?? 0),
      live: live + (before?.live ?? 0),
    });
  }
  return [...merged.values()];
}
