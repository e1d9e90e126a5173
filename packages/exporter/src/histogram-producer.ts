// Histograms that the agent keeps itself can't be recorded value by value: they are given to a reader
// as they are. Each reader has a producer of its own, so that where deltas are asked for, none takes
// anything from another.

import { catalogue, type HistogramObservation, type TelemetrySource } from '@loopscope/sdk/telemetry';
import { type HrTime, ValueType } from '@opentelemetry/api';
import { type InstrumentationScope, millisToHrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type HistogramMetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';

const definitions = catalogue.filter((definition) => 'aggregated' in definition);

export class HistogramProducer implements MetricProducer {
  readonly #source: TelemetrySource;
  readonly #scope: InstrumentationScope;
  readonly #temporality: AggregationTemporality;
  /** By metric and attributes: what this reader was given last. For deltas only; no more than there are series. */
  #given = new Map<string, Given>();

  constructor(source: TelemetrySource, scope: InstrumentationScope, temporality: AggregationTemporality) {
    this.#source = source;
    this.#scope = scope;
    this.#temporality = temporality;
  }

  /** A failure of the source is told as every other failure of a collection is. */
  async collect(): Promise<CollectionResult> {
    const metrics: HistogramMetricData[] = [];
    const errors: unknown[] = [];
    try {
      const now = Date.now();
      const found = this.#source.histograms();
      const before = this.#given;
      this.#given = new Map();
      for (const { name, unit, description, buckets } of definitions) {
        const points = (found.get(name) ?? [])
          .map((each) => this.#point({ name, buckets, now, before }, each))
          .filter((point) => point !== undefined);
        if (points.length > 0) {
          metrics.push({
            descriptor: { name, unit, description, valueType: ValueType.DOUBLE },
            aggregationTemporality: this.#temporality,
            dataPointType: DataPointType.HISTOGRAM,
            dataPoints: points,
          });
        }
      }
    } catch (error) {
      errors.push(error);
    }
    const scopeMetrics = metrics.length === 0 ? [] : [{ scope: this.#scope, metrics }];
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors };
  }

  /** Undefined for a delta in which nothing has happened. */
  #point(
    { name, buckets, now, before }: Collection,
    { counts, sum, since, attributes }: HistogramObservation,
  ): DataPoint<Histogram> | undefined {
    const whole = { attributes: { ...attributes }, endTime: millisToHrTime(now) };
    if (this.#temporality === AggregationTemporality.CUMULATIVE) {
      return {
        ...whole,
        startTime: millisToHrTime(Math.min(since, now)),
        value: histogramOf(buckets, counts, sum),
      };
    }
    const key = JSON.stringify([name, attributes]);
    const last = before.get(key);
    // One that counts from another moment has begun anew.
    const base = last?.since === since ? last : undefined;
    const startTime: HrTime = millisToHrTime(Math.min(base?.until ?? since, now));
    const added = counts.map((count, bucket) => count - (base?.counts[bucket] ?? 0));
    const nothing = added.every((count) => count === 0);
    this.#given.set(key, nothing && base !== undefined ? base : { since, until: now, counts, sum });
    if (nothing) {
      return undefined;
    }
    return { ...whole, startTime, value: histogramOf(buckets, added, sum - (base?.sum ?? 0)) };
  }
}

/** What the points of one metric have in common. */
interface Collection {
  readonly name: string;
  readonly buckets: readonly number[];
  readonly now: number;
  readonly before: ReadonlyMap<string, Given>;
}

interface Given {
  readonly since: number;
  readonly until: number;
  readonly counts: readonly number[];
  readonly sum: number;
}

function histogramOf(boundaries: readonly number[], counts: readonly number[], sum: number): Histogram {
  return {
    buckets: { boundaries: [...boundaries], counts: [...counts] },
    sum,
    count: counts.reduce((total, count) => total + count, 0),
  };
}
