// The present values of the observable metrics, made of what the agent holds at the moment of a
// collection. Nothing is reset by a read. What has no value is left out.
import type { MetricName } from '../telemetry/catalogue.ts';
import type { HistogramObservation, Observation } from '../telemetry/telemetry-source.ts';
import { observeAgent } from './observations/agent.ts';
import { observeAlerts } from './observations/alerts.ts';
import { observeDelays, observeEventLoops } from './observations/event-loop.ts';
import type { ObservationParts, Observe } from './observations/parts.ts';
import { observeProcess } from './observations/process.ts';
import { observeStalls } from './observations/stalls.ts';
import { observeTasks } from './observations/tasks.ts';
import { observeThreadPool } from './observations/thread-pool.ts';
import { observeV8 } from './observations/v8.ts';

export type { Counts, ObservationParts } from './observations/parts.ts';

/** One for each part of the catalogue. */
const observers = [
  observeEventLoops,
  observeStalls,
  observeTasks,
  observeV8,
  observeThreadPool,
  observeProcess,
  observeAgent,
  observeAlerts,
];

export type Observations = Map<MetricName, Observation[]>;

export function observations(parts: ObservationParts): Observations {
  const found = new Map<MetricName, Observation[]>();
  const observe: Observe = (name, value, attributes = {}) => {
    if (value === undefined || !Number.isFinite(value)) {
      return;
    }
    const list = found.get(name) ?? [];
    list.push({ value, attributes });
    found.set(name, list);
  };
  for (const each of observers) {
    each(parts, observe);
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
