// Instruments for entries of the catalogue, on any meter: the agent's private one, and an application's own.
import type { MetricDefinition, MetricName } from '@loopscope/sdk/telemetry';
import type { Attributes, Histogram, Meter, Observable, ObservableResult } from './open-telemetry.ts';

// `ValueType.INT` and `ValueType.DOUBLE` of every version of the API.
const integer = 0;
const double = 1;

/** A present value of one series. */
export interface Observed {
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export class Instruments {
  readonly histograms: ReadonlyMap<MetricName, Histogram>;
  readonly #meter: Meter;
  readonly #observables = new Map<MetricName, Observable>();
  readonly #vanishing = new Map<MetricName, VanishingSeries>();

  constructor(meter: Meter, definitions: readonly MetricDefinition[]) {
    const histograms = new Map<MetricName, Histogram>();
    for (const definition of definitions) {
      const name = definition.name as MetricName;
      if (definition.instrument === 'histogram') {
        histograms.set(name, createHistogram(meter, definition));
        continue;
      }
      this.#observables.set(name, createObservable(meter, definition));
      if (definition.instrument !== 'counter') {
        // A thing that is counted and gone is counted as 0; a gauge has no value then (present-series-reader.ts).
        this.#vanishing.set(
          name,
          new VanishingSeries(definition.instrument === 'updowncounter' ? 0 : Number.NaN),
        );
      }
    }
    this.histograms = histograms;
    this.#meter = meter;
  }

  /**
   * Keeps the observable ones fed by one callback, so that one collection asks once. Returns its undo.
   *
   * @param present calls back with what is there now; a promise of its own delays the collection.
   */
  feed(
    present: (show: (values: (name: MetricName) => readonly Observed[]) => void) => void | Promise<void>,
  ): () => void {
    const all = [...this.#observables.values()] as never[];
    const callback = (result: ObservableResult): void | Promise<void> =>
      present((values) => {
        for (const [name, instrument] of this.#observables) {
          const observed = values(name);
          for (const { value, attributes } of this.#vanishing.get(name)?.complete(observed) ?? observed) {
            result.observe(instrument as never, value, attributes);
          }
        }
      });
    this.#meter.addBatchObservableCallback(callback, all);
    return () => this.#meter.removeBatchObservableCallback(callback, all);
  }
}

/**
 * Gives once-seen series that are gone, such as the last `FSReqCallback`, a value that says so: the JavaScript
 * SDK would show their last one for ever. As many series as the source has ever named, which it bounds.
 */
class VanishingSeries {
  readonly #gone: number;
  readonly #seen = new Map<string, Readonly<Record<string, string>>>();

  constructor(gone: number) {
    this.#gone = gone;
  }

  complete(observed: readonly Observed[]): readonly Observed[] {
    const gone = new Map(this.#seen);
    for (const { attributes } of observed) {
      const key = seriesKey(attributes);
      gone.delete(key);
      this.#seen.set(key, attributes);
    }
    return [...observed, ...Array.from(gone.values(), (attributes) => ({ value: this.#gone, attributes }))];
  }
}

/** Equal for equal attributes, in whatever order. */
export function seriesKey(attributes: Attributes): string {
  return Object.entries(attributes)
    .map((entry) => JSON.stringify(entry))
    .sort()
    .join();
}

function createHistogram(meter: Meter, { name, unit, description, buckets }: MetricDefinition): Histogram {
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
