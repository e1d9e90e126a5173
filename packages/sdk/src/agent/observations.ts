// The present values of the observable metrics, made of what the agent holds at the moment of a
// collection. Nothing is reset by a read. What has no value is left out.
import { agentMetrics } from '../telemetry/catalogue/agent.ts';
import { alertMetrics } from '../telemetry/catalogue/alerts.ts';
import { eventLoopMetrics } from '../telemetry/catalogue/event-loop.ts';
import { overloadMetrics } from '../telemetry/catalogue/overload.ts';
import { processMetrics } from '../telemetry/catalogue/process.ts';
import { stallMetrics } from '../telemetry/catalogue/stalls.ts';
import { taskMetrics } from '../telemetry/catalogue/tasks.ts';
import { threadPoolMetrics } from '../telemetry/catalogue/thread-pool.ts';
import { v8Metrics } from '../telemetry/catalogue/v8.ts';
import type { MetricName } from '../telemetry/catalogue.ts';
import type { HistogramObservation, Observation } from '../telemetry/telemetry-source.ts';
import { observeAgent } from './observations/agent.ts';
import { observeAlerts } from './observations/alerts.ts';
import { observeDelays, observeEventLoops } from './observations/event-loop.ts';
import { observeOverload } from './observations/overload.ts';
import type { ObservationParts, Observe } from './observations/parts.ts';
import { observeProcess } from './observations/process.ts';
import { observeStalls } from './observations/stalls.ts';
import { observeTasks } from './observations/tasks.ts';
import { observeThreadPool } from './observations/thread-pool.ts';
import { observeV8 } from './observations/v8.ts';

export type { Counts, ObservationParts } from './observations/parts.ts';

/** One for each part of the catalogue, with the metrics that it observes. */
const observers: readonly (readonly [
  (parts: ObservationParts, observe: Observe) => void,
  readonly { readonly name: MetricName }[],
])[] = [
  [observeEventLoops, eventLoopMetrics],
  [observeStalls, stallMetrics],
  [observeOverload, overloadMetrics],
  [observeTasks, taskMetrics],
  [observeV8, v8Metrics],
  [observeThreadPool, threadPoolMetrics],
  [observeProcess, processMetrics],
  [observeAgent, agentMetrics],
  [observeAlerts, alertMetrics],
];

export type Observations = Map<MetricName, Observation[]>;

/** With `wanted`, only the parts of the catalogue that hold these metrics are looked at. */
export function observations(parts: ObservationParts, wanted?: ReadonlySet<MetricName>): Observations {
  const found = new Map<MetricName, Observation[]>();
  const observe: Observe = (name, value, attributes = {}) => {
    if (value === undefined || !Number.isFinite(value)) {
      return;
    }
    const list = found.get(name) ?? [];
    list.push({ value, attributes });
    found.set(name, list);
  };
  for (const [observePart, metrics] of observers) {
    if (wanted === undefined || metrics.some(({ name }) => wanted.has(name))) {
      observePart(parts, observe);
    }
  }
  return found;
}

export type HistogramObservations = Map<MetricName, HistogramObservation[]>;

/** As `observations`, for the histograms that the agent keeps itself. */
export function histogramObservations(parts: ObservationParts): HistogramObservations {
  const found = new Map<MetricName, HistogramObservation[]>();
  observeDelays(parts, (name, series) => {
    const list = found.get(name) ?? [];
    list.push(series);
    found.set(name, list);
  });
  return found;
}
