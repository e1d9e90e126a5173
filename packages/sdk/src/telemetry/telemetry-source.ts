// What the agent offers to the ways out. An outlet reads from the source and never writes to it, so
// any number of them may read at any pace without taking anything from each other.
import type { Leak } from '../shared/leak.ts';
import type { Stall, StallEvent } from '../shared/stall.ts';
import type { TaskChange } from '../shared/tasks.ts';
import type { ThreadTasksReport } from '../shared/tasks-report.ts';
import type { MetricName } from './catalogue.ts';

export type Attributes = Readonly<Record<string, string>>;

/** A present value of a gauge, counter or up-down counter. Counters never fall. */
export interface Observation {
  readonly value: number;
  readonly attributes: Attributes;
}

/** A histogram that the agent keeps itself, as it is now. No reader takes anything from it. */
export interface HistogramObservation {
  /** By bucket, not accumulated, and one more than there are bounds. Whole numbers that never fall. */
  readonly counts: readonly number[];
  /** In the metric's unit; it never falls. */
  readonly sum: number;
  /** From when on it counts, in Unix milliseconds. */
  readonly since: number;
  readonly attributes: Attributes;
}

/** What `/livez` and `/readyz` rest on: the main thread's loop alone. Ages are milliseconds; 0 when nothing is in progress. */
export interface Health {
  /** Age of the oldest stall in progress; start-up, suspension and an attached debugger give 0. */
  readonly stoppedMs: number;
  /** Utilization of 0.95 or more for 30 s, until it falls under 0.85. */
  readonly saturated: boolean;
  /** Utilization of the main thread over the common window, 0 to 1; undefined before the first. */
  readonly utilization?: number;
}

/** An own happening of an outlet that becomes one of the agent's own metrics. */
export type OutletMishap =
  | { readonly kind: 'export_failed'; readonly exporter: string }
  | { readonly kind: 'dropped'; readonly exporter: string; readonly items: number };

export interface TasksReport {
  readonly threads: readonly ThreadTasksReport[];
  readonly leaks: readonly Leak[];
}

export interface TelemetrySource {
  /**
   * Present values of every observable metric that has one. A source that is missing is absent. With
   * `wanted`, of these metrics at least: the rest may cost nothing then.
   */
  observe(wanted?: ReadonlySet<MetricName>): ReadonlyMap<MetricName, readonly Observation[]>;
  /** Present state of every histogram that the catalogue calls `aggregated`. */
  histograms(): ReadonlyMap<MetricName, readonly HistogramObservation[]>;
  /** Each value of any other histogram metric, as it happens. Returns its undo. */
  onRecord(listener: (name: MetricName, value: number, attributes: Attributes) => void): () => void;
  /** Stalls in progress and the latest closed ones, newest first; bounded. */
  stalls(): readonly Stall[];
  /** The CPU profile of a stall as a `.cpuprofile` file, where there is one and it is still kept. */
  stallProfile(id: string): Uint8Array | undefined;
  /** Returns its undo. */
  onStall(listener: (event: StallEvent) => void): () => void;
  health(): Health;
  /** Async tasks of each thread, and what is suspected to leak. */
  tasks(): TasksReport;
  /**
   * Asks the application's threads to look at tasks in another way, once their loops turn. Why none
   * can, or undefined. The change must be valid.
   */
  changeTasks(change: TaskChange): string | undefined;
  /** Milliseconds for which the whole process has been suspended so far. */
  readonly suspendedMs: number;
  /** Counts a mishap of an outlet. */
  mishap(mishap: OutletMishap): void;
}
