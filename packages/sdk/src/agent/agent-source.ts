// What the agent knows, as its ways out may read it: the ledger of stalls, the counts, the threads'
// readings, and whoever listens.
import { type Monotonic, monotonicNow } from '../shared/clock.ts';
import type { ResolvedOptions } from '../shared/options.ts';
import type { StallEvent } from '../shared/stall.ts';
import { changeRefusal, type TaskChange } from '../shared/tasks.ts';
import type { CensusReport } from '../shared/tasks-report.ts';
import type { MetricName } from '../telemetry/catalogue.ts';
import type {
  Attributes,
  Health,
  OutletMishap,
  TasksReport,
  TelemetrySource,
} from '../telemetry/telemetry-source.ts';
import type { AlertBook } from './alert-book.ts';
import { CulpritTimes } from './culprit-times.ts';
import { EndedThreads } from './ended-threads.ts';
import { countFileDescriptors } from './leaks/file-descriptors.ts';
import { LeakWatch, type ThreadCounts } from './leaks/leak-watch.ts';
import { Listeners } from './listeners.ts';
import { type Counts, histogramObservations, type ObservationParts, observations } from './observations.ts';
import { StallProfiles } from './profile/stall-profiles.ts';
import { Rising } from './rising.ts';
import { Saturation } from './saturation.ts';
import { StallLedger } from './stall-ledger.ts';
import { SystemReadings } from './system/system-readings.ts';
import { Tally } from './tally.ts';
import { sharedLabel } from './thread-labels.ts';
import { ThreadPool, usesThreadPool } from './thread-pool.ts';
import type { ThreadScheduleReader } from './thread-schedule.ts';
import type { WatchedThread } from './watched-thread.ts';

const saturationMs = 1000;
const mostEarly = 10_000;
/** Of file descriptors, in each window over which leaks are looked for. */
const readingsPerWindow = 5;

export interface AgentSourceParts {
  readonly threads: ReadonlyMap<number, WatchedThread>;
  readonly ownSchedule: ThreadScheduleReader;
  readonly exiting: () => boolean;
  /** `UV_THREADPOOL_SIZE` as the process was started with it. */
  readonly poolSize: string | undefined;
  readonly alerts: AlertBook;
  /** Which start of the agent in this process this is, from 1. */
  readonly start: number;
  readonly options: Pick<ResolvedOptions, 'taskPromises' | 'leakCensus' | 'leakWindowMs'>;
  /** Sends a change of the level of tasks to a thread, which will make it when its loop turns. */
  readonly changeTasks: (thread: WatchedThread, change: TaskChange) => void;
  /** Told of each event of a stall, after the listeners. */
  readonly published: (event: StallEvent) => void;
  readonly debug: (line: string) => void;
}

export class AgentSource implements TelemetrySource {
  readonly counts: Counts;
  readonly ledger: StallLedger;
  readonly profiles: StallProfiles;
  readonly #parts: AgentSourceParts;
  readonly #saturation = new Saturation();
  readonly #rising = new Rising();
  readonly #culprits = new CulpritTimes();
  readonly #ended = new EndedThreads();
  readonly #system = new SystemReadings({ now: monotonicNow });
  readonly #threadPool: ThreadPool;
  readonly #leaks: LeakWatch;
  #saturationDueAt = 0;
  #descriptorsDueAt: Monotonic = 0;
  readonly #stallListeners: Listeners<[StallEvent]>;
  /** Records from before the ways out were there: the collections of the application's start, mostly. */
  #early: [MetricName, number, Attributes][] | undefined = [];
  readonly #recordListeners: Listeners<[MetricName, number, Attributes]>;

  constructor(parts: AgentSourceParts) {
    this.#parts = parts;
    this.counts = {
      captures: new Tally(),
      failures: new Tally(),
      dropped: new Tally(),
      suspensions: 0,
      suspendedMs: 0,
      starts: parts.start,
    };
    this.profiles = new StallProfiles((count) => this.counts.dropped.add('profile', count));
    this.#stallListeners = new Listeners((error) => this.failed('stall listener', error));
    this.#recordListeners = new Listeners((error) => this.failed('record listener', error));
    this.#threadPool = this.#newThreadPool();
    this.#leaks = new LeakWatch({
      windowMs: parts.options.leakWindowMs,
      searches: parts.options.leakCensus,
      census: (name, change) => this.#census(name, change),
    });
    this.ledger = new StallLedger({ now: monotonicNow, publish: (event) => this.#publish(event) });
  }

  #newThreadPool(): ThreadPool {
    return new ThreadPool({
      now: monotonicNow,
      waited: (ms) => this.record('loopscope.threadpool.wait', ms / 1000, {}),
      used: () => usesThreadPool(this.#parts.threads.values()),
      exiting: this.#parts.exiting,
      failed: (error) => this.failed('thread pool', error),
      sizeText: this.#parts.poolSize,
    });
  }

  /** Counts a failure that was contained. */
  failed(part: string, error: unknown): void {
    this.counts.failures.add(part);
    this.#parts.debug(`${part} failed: ${String(error)}`);
  }

  /** One value of a histogram metric. */
  record(name: MetricName, value: number, attributes: Attributes): void {
    if (this.#early === undefined) {
      this.#recordListeners.tell(name, value, attributes);
    } else if (this.#early.length < mostEarly) {
      this.#early.push([name, value, attributes]);
    }
  }

  /** The ways out listen now: they are told what was recorded before. */
  opened(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const record of early) {
      this.#recordListeners.tell(...record);
    }
  }

  /** To be told of each sample of a thread. */
  sampled(thread: WatchedThread): void {
    const { identity, readings, tasks, collections } = thread;
    const { at = 0, resources } = readings.latest ?? {};
    const counts: ThreadCounts = {
      thread: identity.name,
      at,
      level: tasks.reading?.level,
      tasks: tasks.live,
      resources,
      collections,
      operations: tasks.reading?.operations ?? 0,
    };
    if (identity.id === 0 && at >= this.#descriptorsDueAt) {
      this.#descriptorsDueAt = at + this.#parts.options.leakWindowMs / readingsPerWindow;
      const descriptors = countFileDescriptors();
      if (descriptors !== undefined) {
        this.#leaks.addFileDescriptors(descriptors, counts);
      }
    }
    this.#leaks.add(counts);
  }

  censusEnded({ identity }: WatchedThread, census: CensusReport): void {
    this.#leaks.censusEnded(identity.name, census);
  }

  tasks(): TasksReport {
    return {
      threads: [...this.#parts.threads.values()].flatMap(
        ({ identity, tasks }) => tasks.report(identity.name) ?? [],
      ),
      leaks: this.#leaks.leaks(),
    };
  }

  changeTasks(change: TaskChange): string | undefined {
    const main = this.#parts.threads.get(0);
    const refusal = main === undefined ? 'no thread is watched yet' : this.#refusal(main, change);
    if (main !== undefined && refusal === undefined) {
      this.#parts.changeTasks(main, change);
    }
    return refusal;
  }

  #refusal({ taskAbilities }: WatchedThread, change: TaskChange): string | undefined {
    const promises = change.promises ?? this.#parts.options.taskPromises;
    return changeRefusal(change.level, promises, taskAbilities);
  }

  #census(name: string, change: TaskChange): boolean {
    const thread = [...this.#parts.threads.values()].find(({ identity }) => identity.name === name);
    if (thread === undefined || this.#refusal(thread, change) !== undefined) {
      return false;
    }
    this.#parts.changeTasks(thread, change);
    return true;
  }

  /** To be told of each look at the threads. */
  looked(now: number): void {
    this.#threadPool.looked(now);
    if (now >= this.#saturationDueAt) {
      this.#saturationDueAt = now + saturationMs;
      this.#saturation.update(now, this.#mainUtilization(now));
    }
  }

  /** The whole process stood still for so long. */
  suspended(gapMs: number): void {
    this.counts.suspensions += 1;
    this.counts.suspendedMs += gapMs;
    this.#threadPool.suspended(gapMs);
  }

  #publish(event: StallEvent): void {
    const { stall } = event;
    this.#stallListeners.tell(event);
    this.#parts.published(event);
    if (event.type === 'closed' && !stall.inspectorOpen) {
      this.#culprits.add(stall);
      const { cause, phase, thread } = stall;
      const attributes = { cause, phase, thread: thread.name };
      this.record('loopscope.eventloop.stall.duration', stall.durationMs / 1000, attributes);
    }
  }

  #mainUtilization(now: number): number | undefined {
    const main = this.#parts.threads.get(0);
    return main?.readings.loopTime(now, main.blockedSince).utilization;
  }

  observe(wanted?: ReadonlySet<MetricName>): ReturnType<TelemetrySource['observe']> {
    const found = observations(this.#observationParts(this.#observed()), wanted);
    this.#ended.addTo(found);
    return found;
  }

  histograms(): ReturnType<TelemetrySource['histograms']> {
    const found = histogramObservations(this.#observationParts(this.#observed()));
    this.#ended.addHistogramsTo(found);
    return found;
  }

  /** A thread is about to be forgotten: what it had counted stays counted. */
  ending(thread: WatchedThread): void {
    const { name } = thread.identity;
    this.#leaks.forget(name);
    if (name !== sharedLabel) {
      const own = this.#observationParts([thread]);
      this.#ended.keep(name, observations(own), observations(this.#observationParts([])));
      this.#ended.keepHistograms(histogramObservations(own));
    }
  }

  /** Threads that share a label would contradict each other. */
  #observed(): readonly WatchedThread[] {
    return [...this.#parts.threads.values()].filter(({ identity }) => identity.name !== sharedLabel);
  }

  #observationParts(threads: readonly WatchedThread[]): ObservationParts {
    return {
      threads: () => threads,
      ledger: this.ledger,
      counts: this.counts,
      leaks: () => this.#leaks.leaks(),
      alerts: this.#parts.alerts,
      ownSchedule: this.#parts.ownSchedule,
      system: this.#system,
      threadPool: this.#threadPool,
      culprits: this.#culprits,
      rising: this.#rising,
      now: monotonicNow,
    };
  }

  onRecord(listener: (name: MetricName, value: number, attributes: Attributes) => void): () => void {
    return this.#recordListeners.add(listener);
  }

  stalls(): ReturnType<TelemetrySource['stalls']> {
    return this.ledger.list();
  }

  stallProfile(id: string): Buffer | undefined {
    return this.profiles.file(id);
  }

  onStall(listener: (event: StallEvent) => void): () => void {
    return this.#stallListeners.add(listener);
  }

  // Of the main thread alone: it serves, and a worker thread is there to be kept busy.
  health(): Health {
    const stopped = this.ledger
      .inProgress()
      .filter(({ thread, phase, inspectorOpen }) => thread.id === 0 && phase === 'running' && !inspectorOpen)
      .map(({ durationMs }) => durationMs);
    const utilization = this.#mainUtilization(monotonicNow());
    return {
      stoppedMs: Math.max(0, ...stopped),
      saturated: this.#saturation.saturated,
      ...(utilization !== undefined && { utilization }),
    };
  }

  get poolSaturated(): boolean {
    return this.#threadPool.saturated === true;
  }

  get suspendedMs(): number {
    return this.counts.suspendedMs;
  }

  mishap(mishap: OutletMishap): void {
    if (mishap.kind === 'dropped') {
      this.counts.dropped.add(mishap.exporter, mishap.items);
    } else {
      this.counts.failures.add(mishap.exporter);
    }
  }
}
