// What observations are made from, and the one way in which they are made.
import type { Monotonic } from '../../shared/clock.ts';
import type { Leak } from '../../shared/leak.ts';
import type { MetricName } from '../../telemetry/catalogue.ts';
import type { Attributes, HistogramObservation } from '../../telemetry/telemetry-source.ts';
import type { AlertBook } from '../alert-book.ts';
import type { CulpritTimes } from '../culprit-times.ts';
import type { Rising } from '../rising.ts';
import type { StallLedger } from '../stall-ledger.ts';
import type { SystemReadings } from '../system/system-readings.ts';
import type { Tally } from '../tally.ts';
import type { ThreadPool } from '../thread-pool.ts';
import type { ThreadScheduleReader } from '../thread-schedule.ts';
import type { WatchedThread } from '../watched-thread.ts';

/** What the agent counts of itself and of the process. */
export interface Counts {
  readonly captures: Tally;
  readonly failures: Tally;
  readonly dropped: Tally;
  suspensions: number;
  suspendedMs: number;
  readonly starts: number;
}

export interface ObservationParts {
  readonly threads: () => Iterable<WatchedThread>;
  readonly ledger: StallLedger;
  readonly counts: Counts;
  readonly leaks: () => readonly Leak[];
  readonly alerts: AlertBook;
  readonly ownSchedule: ThreadScheduleReader;
  readonly system: SystemReadings;
  readonly threadPool: Pick<ThreadPool, 'size' | 'saturated'>;
  readonly culprits: CulpritTimes;
  /** Keeps what was shown of stalls in progress from falling. */
  readonly rising: Rising;
  readonly now: () => Monotonic;
}

/** Adds one value; one that is undefined or no finite number is left out. */
export type Observe = (name: MetricName, value: number | undefined, attributes?: Attributes) => void;

/** Adds one series of a histogram. */
export type ObserveHistogram = (name: MetricName, series: HistogramObservation) => void;
