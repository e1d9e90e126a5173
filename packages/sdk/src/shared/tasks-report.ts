// What is told of async tasks at `GET /tasks`: plain data, ready to leave as JSON.
import type { Frame } from './stall.ts';
import type { TaskCount, TaskLevel } from './tasks.ts';

/** How many tasks are so old. */
export interface TaskAges {
  readonly under1s: number;
  readonly under10s: number;
  readonly under1min: number;
  readonly under10min: number;
  readonly older: number;
}

/** Where tasks were created. */
export interface TaskSite {
  readonly type: string;
  /** The innermost frame of the application's own, or of a package, or of Node where there is no other. */
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** How many of its tasks were sampled. */
  readonly sampled: number;
  /** How many were created there within the census, by the samples: an estimate. */
  readonly created: number;
  /** How many of these still lived at its end: an estimate. */
  readonly live: number;
  /** Of the live ones, those that are older than half the census: what leaks is among them. */
  readonly survived: number;
  /** Age of the oldest sampled one that lived; 0 where none did. */
  readonly oldestMs: number;
  /** The application's own first. */
  readonly frames: readonly Frame[];
}

export interface CensusType {
  readonly type: string;
  /** Created within the census. */
  readonly created: number;
  readonly sampled: number;
  /** At its end; those that were there before it only where tasks were counted then. */
  readonly live: number;
  readonly ages: TaskAges;
  readonly oldestMs: number;
}

export interface OldTask {
  readonly type: string;
  readonly ageMs: number;
  /** Where it was created; absent for one that was not sampled. */
  readonly site?: Pick<TaskSite, 'function' | 'file' | 'line' | 'frames'>;
}

export interface CensusReport {
  readonly state: 'running' | 'done';
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly promises: boolean;
  /** The only type whose sites were sampled. */
  readonly only?: string;
  /** Tasks created within it. */
  readonly created: number;
  /** How many of them were sampled. */
  readonly sampled: number;
  /** `sampled` of `created`, 0 to 1. */
  readonly sampledShare: number;
  /** Milliseconds of the thread's time that the samples took. */
  readonly samplingMs: number;
  /** Live tasks for which there was no room. */
  readonly untracked: number;
  /** The most live first. */
  readonly types: readonly CensusType[];
  /** Those with the most live tasks first. */
  readonly sites: readonly TaskSite[];
  /** The oldest first. */
  readonly oldest: readonly OldTask[];
}

export interface ThreadTasksReport {
  readonly thread: string;
  readonly level: TaskLevel;
  /** Whether promises are looked at. */
  readonly promises: boolean;
  /** Over the common window; absent at `off` and before the second sample. */
  readonly operationsPerSecond?: number;
  /** The most live first; absent where tasks are not counted. */
  readonly counts?: readonly TaskCount[];
  readonly untracked?: number;
  /** The last one, or the one in progress. */
  readonly census?: CensusReport;
}
