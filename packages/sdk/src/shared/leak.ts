// A suspected leak, as it is reported.
import type { TaskSite } from './tasks-report.ts';

export type LeakKind = 'resource' | 'task' | 'file_descriptor';

export interface Leak {
  /** `resource`: active resources; `task`: live async tasks; `file_descriptor`: of the whole process. */
  readonly kind: LeakKind;
  readonly type: string;
  /** Absent for what the process as a whole has. */
  readonly thread?: string;
  /** Unix milliseconds. */
  readonly since: number;
  readonly evidence: {
    readonly from: number;
    readonly to: number;
    readonly rises: number;
    readonly windowSeconds: number;
    readonly collections: number;
    readonly perMinute: number;
  };
  /** Of the census that looks for where it comes from. */
  readonly census: 'none' | 'running' | 'done';
  /** Where what lasted was created, by that census; the most likely first. */
  readonly sites: readonly TaskSite[];
}
