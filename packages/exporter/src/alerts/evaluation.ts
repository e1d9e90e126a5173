// All conditions of a process with the state of each of their series. It is told what was observed and
// gives back what has changed; clocks come from outside.
import type {
  Alert,
  AlertCondition,
  Attributes,
  MetricCondition,
  MetricName,
  Observation,
  Stall,
} from '@loopscope/sdk/telemetry';
import { type FoundSeries, findInMetric, findInStalls } from './found-series.ts';
import { fingerprintOf, type Labels, seriesLabels } from './labels.ts';
import { RateWindow } from './rate-window.ts';
import type { ReadyCondition } from './ready-condition.ts';
import { advance, inactive, type SeriesState } from './series-state.ts';
import { summaryOf } from './summary.ts';

/** Of one condition: what a metric without bounds could make of it is cut. */
const mostSeries = 50;

/** The two clocks of an evaluation. */
export interface Moment {
  /** Milliseconds that stand still while the process is suspended. */
  readonly now: number;
  /** Unix milliseconds. */
  readonly wall: number;
}

/** An alert that has changed, and the condition that it belongs to. */
export interface Change {
  readonly ready: ReadyCondition;
  readonly alert: Alert;
}

interface Series {
  readonly labels: Labels;
  state: SeriesState;
  /** When the condition began to hold, by the wall clock. */
  startsAt: number;
  /** As it was last found to hold. */
  told: Pick<Alert, 'summary' | 'value' | 'stall'>;
}

interface Tracked {
  readonly ready: ReadyCondition;
  readonly ownLabels: Labels;
  readonly series: Map<string, Series>;
  readonly rates: Map<string, RateWindow>;
}

export class Evaluation {
  readonly #onMetrics: readonly Tracked[];
  readonly #onStalls: readonly Tracked[];

  constructor(conditions: readonly ReadyCondition[], identity: Labels) {
    const tracked = conditions.map((ready): Tracked => {
      const ownLabels = { ...identity, alertname: ready.name.toWellFormed(), severity: ready.severity };
      return { ready, ownLabels, series: new Map(), rates: new Map() };
    });
    this.#onMetrics = tracked.filter(({ ready }) => 'metric' in ready.condition);
    this.#onStalls = tracked.filter(({ ready }) => 'stall' in ready.condition);
  }

  get looksAtMetrics(): boolean {
    return this.#onMetrics.length > 0;
  }

  /** The metrics that the conditions are on. */
  get metrics(): ReadonlySet<MetricName> {
    return new Set(
      this.#onMetrics.map(({ ready }) => (ready.condition as MetricCondition).metric as MetricName),
    );
  }

  get looksAtStalls(): boolean {
    return this.#onStalls.length > 0;
  }

  /** Whether a condition on stalls waits for time to pass, even where no stall is open. */
  get waits(): boolean {
    return this.#onStalls.some(({ series }) => series.size > 0);
  }

  /** Takes over what an earlier agent thread had found firing: it is resolved here, or goes on. */
  restore(alerts: readonly Alert[], { now }: Moment): void {
    for (const { ownLabels, series } of [...this.#onMetrics, ...this.#onStalls]) {
      for (const alert of alerts) {
        const { labels, fingerprint, startsAt } = alert;
        if (Object.entries(ownLabels).every(([name, text]) => labels[name] === text)) {
          series.set(fingerprint, {
            labels,
            startsAt,
            state: { kind: 'firing', since: now, matchedAt: now },
            told: alert,
          });
        }
      }
    }
  }

  /** To be told of what `observe()` gave. */
  observed(observations: ReadonlyMap<MetricName, readonly Observation[]>, moment: Moment): readonly Change[] {
    return this.#onMetrics.flatMap((tracked) => {
      const condition = tracked.ready.condition as Extract<AlertCondition, { metric: string }>;
      const found = findInMetric(
        condition,
        observations.get(condition.metric as MetricName) ?? [],
        moment.now,
        (attributes) => rateOf(tracked, attributes, condition.rateOverMs ?? 0),
      );
      return step(tracked, found, moment);
    });
  }

  /** To be told of the stalls in progress, and once more of one that has just ended. */
  stalled(stalls: readonly Stall[], moment: Moment): readonly Change[] {
    return this.#onStalls.flatMap((tracked) => {
      const condition = tracked.ready.condition as Extract<AlertCondition, { stall: string }>;
      return step(tracked, findInStalls(condition, stalls), moment);
    });
  }

  /** Alerts that fire, as they were last found. */
  firing(): readonly Change[] {
    return [...this.#onMetrics, ...this.#onStalls].flatMap((tracked) =>
      [...tracked.series.values()]
        .filter(({ state }) => state.kind === 'firing')
        .map((series) => ({ ready: tracked.ready, alert: alertOf(tracked.ready, series) })),
    );
  }
}

function rateOf({ rates }: Tracked, attributes: Attributes, windowMs: number): RateWindow {
  const key = fingerprintOf(attributes);
  const window = rates.get(key) ?? new RateWindow(windowMs);
  if (rates.size < mostSeries) {
    rates.set(key, window);
  }
  return window;
}

function step(tracked: Tracked, found: readonly FoundSeries[], moment: Moment): readonly Change[] {
  const seen = new Map(
    found.map((each) => {
      const labels = seriesLabels(tracked.ownLabels, each.attributes);
      return [fingerprintOf(labels), { labels, each }];
    }),
  );
  for (const [fingerprint, { labels, each }] of seen) {
    if (each.holds && !tracked.series.has(fingerprint) && tracked.series.size < mostSeries) {
      tracked.series.set(fingerprint, {
        labels,
        state: inactive,
        startsAt: moment.wall,
        told: toldOf(tracked.ready, each),
      });
    }
  }
  const changes: Change[] = [];
  for (const [fingerprint, series] of tracked.series) {
    const now = seen.get(fingerprint)?.each;
    const holds = now?.holds ?? false;
    const { state, change } = advance(series.state, holds, moment.now, tracked.ready);
    series.state = state;
    if (now !== undefined && holds) {
      series.told = toldOf(tracked.ready, now);
    }
    if (change !== undefined) {
      changes.push({ ready: tracked.ready, alert: alertOf(tracked.ready, series, change, moment.wall) });
    }
    if (state.kind === 'inactive') {
      tracked.series.delete(fingerprint);
    }
  }
  return changes;
}

function toldOf({ condition }: ReadyCondition, found: FoundSeries): Series['told'] {
  const { value, stall } = found;
  return { summary: summaryOf(condition, found), value, ...(stall && { stall }) };
}

function alertOf(
  { name, severity }: ReadyCondition,
  { labels, startsAt, told }: Series,
  status: Alert['status'] = 'firing',
  wall: number = 0,
): Alert {
  return {
    status,
    name,
    severity,
    fingerprint: fingerprintOf(labels),
    labels,
    summary: told.summary,
    value: told.value,
    startsAt,
    // The wall clock may have been set back meanwhile.
    ...(status === 'resolved' && { endsAt: Math.max(wall, startsAt) }),
    ...(told.stall && { stall: told.stall }),
  };
}
