// Thresholds without Prometheus. Conditions on stalls are looked at when a stall changes, and while one is
// open ten times a second; conditions on metrics once a second. Where neither has anything to wait for,
// no timer runs.
//
// A process that was suspended must not alert for the time in which it stood still. So the clock of the
// states leaves suspensions out; a timer that comes late lets the watchdog look first, which tells a
// suspension from a block; and after a long one the metrics, whose window still holds it, are left alone
// until it has passed.
import type { AlertReceiver, Outlet, OutletContext, Stall, StallEvent } from '@loopscope/sdk/telemetry';
import type { Environment } from '../environment.ts';
import { createNameLookup, type NameLookup } from '../resolver/name-lookup.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import { type Change, Evaluation, type Moment } from './evaluation.ts';
import { identityLabels } from './labels.ts';
import { readConditions } from './read-conditions.ts';
import { readyCondition } from './ready-condition.ts';
import { defaultReceivers, openReceivers } from './receivers.ts';

export const alertsName = 'alerts';

const openStallMs = 100;
const metricsMs = 1_000;
/** While an alert of a stall that has ended is kept firing. */
const waitingMs = 1_000;
/** So late, a timer may have slept through a suspension. */
const lateMs = 250;
const lookFirstMs = 50;
/** A suspension of at least so long spoils the common window of the gauges, which is so long. */
const spoilingMs = 1_000;
const windowMs = 15_000;
/** Alertmanager resolves what it is not told of again. */
const repeatMs = 60_000;

export interface AlertParts {
  readonly context: OutletContext;
  readonly environment: Environment;
  /** Told of a failure in evaluating. */
  onError(error: unknown): void;
  readonly nameLookup?: NameLookup;
}

/** Undefined where no condition is configured, or none of them is right. */
export function openAlerts(parts: AlertParts): Outlet | undefined {
  const { options, say } = parts.context;
  const conditions = readConditions(options.alerts, say);
  if (conditions.length === 0) {
    return undefined;
  }
  const receivers = defaultReceivers(options);
  const ready = conditions.map((condition) => readyCondition(condition, receivers));
  const outlet = new AlertOutlet(
    parts,
    new Evaluation(ready, identityLabels(parts.environment)),
    new Set(ready.flatMap(({ to }) => to)),
  );
  for (const { name, severity } of ready) {
    parts.context.alerts.watched(name, severity);
  }
  outlet.start();
  return outlet;
}

class AlertOutlet implements Outlet {
  readonly name = alertsName;
  readonly #parts: AlertParts;
  readonly #evaluation: Evaluation;
  readonly #metrics: Evaluation['metrics'];
  readonly #nameLookup: NameLookup;
  readonly #queues: readonly DeliveryQueue[];
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #postponed = false;
  #metricsDueAt = 0;
  #repeatDueAt = 0;
  #suspendedMs: number;
  /** Until then the gauges' window holds a suspension. */
  #spoiledUntil = Number.NEGATIVE_INFINITY;
  /** Stalls that are not closed yet, by id: one that has ended is still to get the rest of its evidence. */
  readonly #present = new Set<string>();
  #unsubscribe: (() => void) | undefined;
  #stopped = false;

  constructor(parts: AlertParts, evaluation: Evaluation, receivers: ReadonlySet<AlertReceiver>) {
    this.#parts = parts;
    this.#evaluation = evaluation;
    this.#metrics = evaluation.metrics;
    this.#nameLookup = parts.nameLookup ?? createNameLookup();
    this.#queues = openReceivers(receivers, parts.context, this.#nameLookup);
    this.#suspendedMs = parts.context.source.suspendedMs;
  }

  start(): void {
    const { source, alerts } = this.#parts.context;
    this.#evaluation.restore(alerts.firing, this.#moment());
    this.#repeatDueAt = performance.now() + repeatMs;
    if (this.#evaluation.looksAtStalls) {
      this.#unsubscribe = source.onStall((event) => this.#onStall(event));
      for (const { id } of source.stalls().filter(({ state }) => state === 'open')) {
        this.#present.add(id);
      }
      this.#guarded(() => this.#lookAtStalls());
    }
    this.#sleep();
  }

  async flush(): Promise<void> {
    await Promise.allSettled(this.#queues.map((queue) => queue.flush()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
    this.#nameLookup.cancel();
    await Promise.allSettled(this.#queues.map((queue) => queue.stop()));
  }

  #moment(): Moment {
    return { now: performance.now() - this.#parts.context.source.suspendedMs, wall: Date.now() };
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    const wait = this.#waitMs();
    if (wait !== undefined && !this.#stopped) {
      this.#dueAt = performance.now() + wait;
      this.#timer = setTimeout(() => this.#turn(), wait);
      this.#timer.unref();
    }
  }

  #waitMs(): number | undefined {
    if (this.#present.size > 0) {
      return openStallMs;
    }
    if (this.#evaluation.looksAtMetrics) {
      return Math.max(0, this.#metricsDueAt - performance.now());
    }
    return this.#evaluation.waits ? waitingMs : undefined;
  }

  #turn(): void {
    const late = performance.now() - this.#dueAt >= lateMs;
    // Once: a thread that is short of CPU is late each time.
    if (late && !this.#postponed) {
      this.#postponed = true;
      this.#timer = setTimeout(() => this.#turn(), lookFirstMs);
      this.#timer.unref();
      return;
    }
    this.#postponed = false;
    this.#guarded(() => {
      this.#noticeSuspension();
      if (this.#evaluation.looksAtStalls) {
        this.#lookAtStalls();
      }
      if (this.#evaluation.looksAtMetrics && performance.now() >= this.#metricsDueAt) {
        this.#lookAtMetrics();
      }
      this.#repeat();
    });
    this.#sleep();
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  #noticeSuspension(): void {
    const { suspendedMs } = this.#parts.context.source;
    if (suspendedMs - this.#suspendedMs >= spoilingMs) {
      this.#spoiledUntil = this.#moment().now + windowMs;
    }
    this.#suspendedMs = suspendedMs;
  }

  #onStall({ type, stall }: StallEvent): void {
    this.#guarded(() => {
      if (type === 'closed') {
        // What is known of it only now may be what fires.
        const others = this.#presentStalls().filter(({ id }) => id !== stall.id);
        this.#changed(this.#evaluation.stalled([...others, stall], this.#moment()));
        this.#present.delete(stall.id);
      } else {
        this.#present.add(stall.id);
      }
      this.#lookAtStalls();
    });
    this.#sleep();
  }

  #presentStalls(): readonly Stall[] {
    return this.#present.size === 0
      ? []
      : this.#parts.context.source.stalls().filter(({ id }) => this.#present.has(id));
  }

  #lookAtStalls(): void {
    this.#changed(this.#evaluation.stalled(this.#presentStalls(), this.#moment()));
  }

  #lookAtMetrics(): void {
    this.#metricsDueAt = performance.now() + metricsMs;
    const moment = this.#moment();
    if (moment.now >= this.#spoiledUntil) {
      this.#changed(this.#evaluation.observed(this.#parts.context.source.observe(this.#metrics), moment));
    }
  }

  #changed(changes: readonly Change[]): void {
    for (const { ready, alert } of changes) {
      this.#parts.context.alerts.changed(alert);
      for (const queue of this.#queues.filter(({ receiver }) => ready.to.includes(receiver))) {
        queue.push(alert);
      }
    }
  }

  #repeat(): void {
    if (performance.now() < this.#repeatDueAt) {
      return;
    }
    this.#repeatDueAt = performance.now() + repeatMs;
    const alertmanagers = this.#queues.filter(({ receiver }) => receiver === 'alertmanager');
    for (const { ready, alert } of this.#evaluation.firing()) {
      if (ready.to.includes('alertmanager')) {
        for (const queue of alertmanagers) {
          queue.push(alert);
        }
      }
    }
  }
}
