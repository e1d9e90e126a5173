// One instrument for each entry of the catalogue. It uses only the types of the OpenTelemetry API, so
// that it feeds any MeterProvider: the agent's private one, and an application's own of any version.
// Histograms that the agent keeps itself have none: no instrument takes them (histogram-producer.ts).

import {
  type Attributes,
  catalogue,
  type MetricDefinition,
  type MetricName,
  type Observation,
  type TelemetrySource,
} from '@loopscope/sdk/telemetry';
import type { Histogram, Meter, Observable } from '@opentelemetry/api';

// `ValueType.INT` and `ValueType.DOUBLE` of every version of the API, without loading one.
const integer = 0;
const double = 1;

/**
 * Makes the instruments and keeps them fed: observable metrics by one batch callback, so that one
 * collection reads the source once; histograms value by value. Returns the undo.
 */
export function bindInstruments(meter: Meter, source: TelemetrySource): () => void {
  const observables = new Map<MetricName, Observable>();
  const histograms = new Map<MetricName, Histogram>();
  const vanishing = new Map<MetricName, VanishingSeries>();
  for (const definition of catalogue) {
    if ('aggregated' in definition) {
      continue;
    }
    if (definition.instrument === 'histogram') {
      histograms.set(definition.name, createHistogram(meter, definition));
    } else {
      observables.set(definition.name, createObservable(meter, definition));
      if (definition.instrument !== 'counter') {
        // A thing that is counted and gone is counted as 0; a gauge has no value then (present-series-reader.ts).
        const gone = definition.instrument === 'updowncounter' ? 0 : Number.NaN;
        vanishing.set(definition.name, new VanishingSeries(gone));
      }
    }
  }

  const all = [...observables.values()];
  const observe: Parameters<Meter['addBatchObservableCallback']>[0] = (result) => {
    const present = source.observe();
    for (const [name, instrument] of observables) {
      const observations = present.get(name) ?? [];
      for (const { value, attributes } of vanishing.get(name)?.complete(observations) ?? observations) {
        result.observe(instrument, value, attributes);
      }
    }
  };
  meter.addBatchObservableCallback(observe, all);
  const unsubscribe = source.onRecord((name, value, attributes) => {
    histograms.get(name)?.record(value, attributes);
  });
  return () => {
    meter.removeBatchObservableCallback(observe, all);
    unsubscribe();
  };
}

/**
 * Gives once-seen series that are gone, such as the last `FSReqCallback`, a value that says so: the JavaScript
 * SDK would show their last one for ever. As many series as the source has ever named, which it bounds.
 */
class VanishingSeries {
  readonly #gone: number;
  readonly #seen = new Map<string, Attributes>();

  constructor(gone: number) {
    this.#gone = gone;
  }

  complete(observations: readonly Observation[]): readonly Observation[] {
    const gone = new Map(this.#seen);
    for (const { attributes } of observations) {
      const key = Object.entries(attributes)
        .map((entry) => JSON.stringify(entry))
        .sort()
        .join();
      gone.delete(key);
      this.#seen.set(key, attributes);
    }
    return [
      ...observations,
      ...Array.from(gone.values(), (attributes) => ({ value: this.#gone, attributes })),
    ];
  }
}

function createHistogram(meter: Meter, definition: MetricDefinition): Histogram {
  const { name, unit, description, buckets } = definition;
  const advice = buckets === undefined ? {} : { explicitBucketBoundaries: [...buckets] };
  return meter.createHistogram(name, { unit, description, advice });
}

function createObservable(meter: Meter, definition: MetricDefinition): Observable {
  const { name, unit, description, instrument } = definition;
  // What is measured has fractions, even where its unit is a thing: half a CPU.
  const counted = instrument !== 'gauge' && (unit === 'By' || unit.startsWith('{'));
  const options = { unit, description, valueType: counted ? integer : double };
  switch (instrument) {
    case 'counter':
      return meter.createObservableCounter(name, options);
    case 'updowncounter':
      return meter.createObservableUpDownCounter(name, options);
    default:
      return meter.createObservableGauge(name, options);
  }
}
