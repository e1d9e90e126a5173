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
  /** By metric and attributes: what the last collection has seen. Kept for deltas only. */
  #seen = new Map<string, Seen>();

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
      for (const { name, unit, description, buckets } of definitions) {
        const points = (found.get(name) ?? [])
          .map((each) => this.#point(name, buckets, each, now))
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
    name: string,
    boundaries: readonly number[],
    { counts, sum, since, attributes }: HistogramObservation,
    now: number,
  ): DataPoint<Histogram> | undefined {
    const whole = { attributes: { ...attributes }, endTime: millisToHrTime(now) };
    if (this.#temporality === AggregationTemporality.CUMULATIVE) {
      return {
        ...whole,
        startTime: millisToHrTime(Math.min(since, now)),
        value: histogramOf(boundaries, counts, sum),
      };
    }
    const key = JSON.stringify([name, attributes]);
    const before = this.#seen.get(key);
    // One that counts from another moment has begun anew.
    const base = before?.since === since ? before : undefined;
    const startTime: HrTime = millisToHrTime(Math.min(base?.until ?? since, now));
    const added = counts.map((count, bucket) => count - (base?.counts[bucket] ?? 0));
    if (added.every((count) => count === 0)) {
      return undefined;
    }
    this.#seen.set(key, { since, until: now, counts, sum });
    return { ...whole, startTime, value: histogramOf(boundaries, added, sum - (base?.sum ?? 0)) };
  }
}

interface Seen {
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
