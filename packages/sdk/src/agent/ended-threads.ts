// What threads that have ended had counted. Counters never fall: a label keeps its totals, and a thread
// that takes the label over adds to them. Gauges end with their thread.
import { catalogue, type MetricName } from '../telemetry/catalogue.ts';
import type { HistogramObservation, Observation } from '../telemetry/telemetry-source.ts';
import type { HistogramObservations, Observations } from './observations.ts';

const counters: ReadonlySet<string> = new Set(
  catalogue.filter(({ instrument }) => instrument === 'counter').map(({ name }) => name),
);

interface Kept {
  readonly name: MetricName;
  readonly attributes: Observation['attributes'];
  value: number;
}

export class EndedThreads {
  readonly #kept = new Map<string, Kept>();
  readonly #histograms = new Map<string, { readonly name: MetricName; series: HistogramObservation }>();

  /**
   * Keeps what the counters of a label owe to a thread: `withThread` less `without`. Totals that the
   * process holds by label, such as time lost to stalls, are in both.
   */
  keep(label: string, withThread: Observations, without: Observations): void {
    for (const [name, list] of withThread) {
      if (!counters.has(name)) {
        continue;
      }
      const held = new Map(without.get(name)?.map((each) => [keyOf(name, each.attributes), each.value]));
      for (const { attributes, value } of list.filter((each) => each.attributes['thread'] === label)) {
        const key = keyOf(name, attributes);
        const kept = this.#kept.get(key) ?? { name, attributes, value: 0 };
        kept.value += value - (held.get(key) ?? 0);
        this.#kept.set(key, kept);
      }
    }
  }

  addTo(found: Observations): void {
    for (const { name, attributes, value } of this.#kept.values()) {
      const list = found.get(name) ?? [];
      const key = keyOf(name, attributes);
      const index = list.findIndex((each) => keyOf(name, each.attributes) === key);
      if (value > 0 && index === -1) {
        list.push({ attributes, value });
      } else if (value > 0) {
        list[index] = { attributes, value: value + (list[index]?.value ?? 0) };
      }
      found.set(name, list);
    }
  }

  /** `found`: of the thread that has ended alone. */
  keepHistograms(found: HistogramObservations): void {
    for (const [name, list] of found) {
      for (const series of list) {
        const key = keyOf(name, series.attributes);
        const kept = this.#histograms.get(key)?.series;
        this.#histograms.set(key, { name, series: kept === undefined ? series : sum(kept, series) });
      }
    }
  }

  addHistogramsTo(found: HistogramObservations): void {
    for (const { name, series } of this.#histograms.values()) {
      const list = found.get(name) ?? [];
      const key = keyOf(name, series.attributes);
      const index = list.findIndex((each) => keyOf(name, each.attributes) === key);
      const live = list[index];
      if (live === undefined) {
        list.push(series);
      } else {
        list[index] = sum(series, live);
      }
      found.set(name, list);
    }
  }
}

function sum(kept: HistogramObservation, other: HistogramObservation): HistogramObservation {
  return {
    ...kept,
    counts: kept.counts.map((count, bucket) => count + (other.counts[bucket] ?? 0)),
    sum: kept.sum + other.sum,
  };
}

function keyOf(name: string, attributes: Observation['attributes']): string {
  return JSON.stringify([name, ...Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
