import type {
  Attributes,
  Health,
  HistogramObservation,
  MetricName,
  Observation,
  OutletMishap,
  Stall,
  StallEvent,
  TaskChange,
  TasksReport,
  TelemetrySource,
} from '@loopscope/sdk/telemetry';

type RecordListener = (name: MetricName, value: number, attributes: Attributes) => void;

/** A source with readings that the test sets, and what was asked of it. */
export class FakeSource implements TelemetrySource {
  /** States of the histograms that the agent keeps itself. */
  readonly aggregated = new Map<MetricName, readonly HistogramObservation[]>();
  readonly readings = new Map<MetricName, readonly Observation[]>();
  readonly mishaps: OutletMishap[] = [];
  currentStalls: readonly Stall[] = [];
  readonly profiles = new Map<string, Buffer>();
  currentTasks: TasksReport = { threads: [], leaks: [] };
  readonly changes: TaskChange[] = [];
  /** Why no change can be made. */
  refusal: string | undefined;
  suspendedMs = 0;
  currentHealth: Health = { stoppedMs: 0, saturated: false };
  /** How often the readings were collected. */
  observed = 0;
  /** Thrown by the next reads, where set. */
  failure: Error | undefined;
  readonly #stallListeners = new Set<(event: StallEvent) => void>();
  readonly #listeners = new Set<RecordListener>();

  set(name: MetricName, value: number, attributes: Attributes = {}): void {
    this.readings.set(name, [{ value, attributes }]);
  }

  record(name: MetricName, value: number, attributes: Attributes = {}): void {
    for (const listener of this.#listeners) {
      listener(name, value, attributes);
    }
  }

  get recordListeners(): number {
    return this.#listeners.size;
  }

  observe(): ReadonlyMap<MetricName, readonly Observation[]> {
    this.observed += 1;
    this.#failIfAsked();
    return new Map(this.readings);
  }

  histograms(): ReadonlyMap<MetricName, readonly HistogramObservation[]> {
    this.#failIfAsked();
    return new Map(this.aggregated);
  }

  onRecord(listener: RecordListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stalls(): readonly Stall[] {
    this.#failIfAsked();
    return this.currentStalls;
  }

  stallProfile(id: string): Buffer | undefined {
    return this.profiles.get(id);
  }

  onStall(listener: (event: StallEvent) => void): () => void {
    this.#stallListeners.add(listener);
    return () => this.#stallListeners.delete(listener);
  }

  get stallListeners(): number {
    return this.#stallListeners.size;
  }

  /** Lists the stall as the agent would, and tells of it. */
  tellStall(type: StallEvent['type'], stall: Stall): void {
    this.currentStalls = [stall];
    for (const listener of this.#stallListeners) {
      listener({ type, stall });
    }
  }

  health(): Health {
    this.#failIfAsked();
    return this.currentHealth;
  }

  tasks(): TasksReport {
    this.#failIfAsked();
    return this.currentTasks;
  }

  changeTasks(change: TaskChange): string | undefined {
    this.#failIfAsked();
    this.changes.push(change);
    return this.refusal;
  }

  mishap(mishap: OutletMishap): void {
    this.mishaps.push(mishap);
  }

  #failIfAsked(): void {
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }
}
