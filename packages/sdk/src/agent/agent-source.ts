// What the agent knows, as its ways out may read it: the ledger of stalls, the counts, the threads'
// readings, and whoever listens.
import { monotonicNow } from '../shared/clock.ts';
import type { StallEvent } from '../shared/stall.ts';
import type { MetricName } from '../telemetry/catalogue.ts';
import type { Attributes, Health, OutletMishap, TelemetrySource } from '../telemetry/telemetry-source.ts';
import { Listeners } from './listeners.ts';
import { type Counts, histogramObservations, type ObservationParts, observations } from './observations.ts';
import { Rising } from './rising.ts';
import { Saturation } from './saturation.ts';
import { StallLedger } from './stall-ledger.ts';
import { SystemReadings } from './system/system-readings.ts';
import { Tally } from './tally.ts';
import { ThreadPool, usesThreadPool } from './thread-pool.ts';
import type { ThreadScheduleReader } from './thread-schedule.ts';
import type { WatchedThread } from './watched-thread.ts';

const saturationMs = 1000;

export interface AgentSourceParts {
  readonly threads: ReadonlyMap<number, WatchedThread>;
  readonly ownSchedule: ThreadScheduleReader;
  readonly exiting: () => boolean;
  /** `UV_THREADPOOL_SIZE` as the process was started with it. */
  readonly poolSize: string | undefined;
  /** Which start of the agent in this process this is, from 1. */
  readonly start: number;
  /** Told of each event of a stall, after the listeners. */
  readonly published: (event: StallEvent) => void;
  readonly debug: (line: string) => void;
}

export class AgentSource implements TelemetrySource {
  readonly counts: Counts;
  readonly ledger: StallLedger;
  readonly #parts: AgentSourceParts;
  readonly #saturation = new Saturation();
  readonly #rising = new Rising();
  readonly #system = new SystemReadings({ now: monotonicNow });
  readonly #threadPool: ThreadPool;
  #saturationDueAt = 0;
  readonly #stallListeners: Listeners<[StallEvent]>;
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
    this.#stallListeners = new Listeners((error) => this.failed('stall listener', error));
    this.#recordListeners = new Listeners((error) => this.failed('record listener', error));
    this.#threadPool = this.#newThreadPool();
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
    this.#recordListeners.tell(name, value, attributes);
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
      const attributes = { phase: stall.phase, thread: stall.thread.name };
      this.record('loopscope.eventloop.stall.duration', stall.durationMs / 1000, attributes);
    }
  }

  #mainUtilization(now: number): number | undefined {
    const main = this.#parts.threads.get(0);
    return main?.readings.loopTime(now, main.blockedSince).utilization;
  }

  observe(): ReturnType<TelemetrySource['observe']> {
    return observations(this.#observed());
  }

  histograms(): ReturnType<TelemetrySource['histograms']> {
    return histogramObservations(this.#observed());
  }

  #observed(): ObservationParts {
    return {
      threads: () => this.#parts.threads.values(),
      ledger: this.ledger,
      counts: this.counts,
      ownSchedule: this.#parts.ownSchedule,
      system: this.#system,
      threadPool: this.#threadPool,
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

  onStall(listener: (event: StallEvent) => void): () => void {
    return this.#stallListeners.add(listener);
  }

  health(): Health {
    const stopped = this.ledger
      .inProgress()
      .filter(({ phase, inspectorOpen }) => phase === 'running' && !inspectorOpen)
      .map(({ durationMs }) => durationMs);
    const utilization = this.#mainUtilization(monotonicNow());
    return {
      stoppedMs: Math.max(0, ...stopped),
      saturated: this.#saturation.saturated,
      ...(utilization !== undefined && { utilization }),
    };
  }

  mishap(mishap: OutletMishap): void {
    if (mishap.kind === 'dropped') {
      this.counts.dropped.add(mishap.exporter, mishap.items);
    } else {
      this.counts.failures.add(mishap.exporter);
    }
  }
}
