// Readers of one source at their own paces, through a real MeterProvider: a scrape each second, and pushes
// every seven seconds in both temporalities.
import { catalogue, type HistogramObservation, type MetricName } from '@loopscope/sdk/telemetry';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  InstrumentType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../sdk/test/support/seeded-random.ts';
import { createProducer, feedReaders } from '../src/meter-provider.ts';
import type { Temporality } from '../src/otlp/configuration.ts';
import { PushReader, temporalityOf } from '../src/otlp/push-reader.ts';
import { FakeSource } from './support/fake-source.ts';

const { CUMULATIVE } = AggregationTemporality;
const gauges = catalogue.filter(({ instrument }) => instrument === 'gauge').map(({ name }) => name);
const counters = catalogue.filter(({ instrument }) => instrument === 'counter').map(({ name }) => name);
const seeds = Array.from({ length: 5 }, (_, seed) => seed);

interface Totals {
  readonly counts: readonly number[];
  readonly sum: number;
}

/** A reader, and what it has been given in all. */
class Reading {
  readonly reader: PushReader;
  readonly #temporality: Temporality;
  latest: ResourceMetrics | undefined;
  readonly totals = new Map<string, Totals>();

  constructor(source: FakeSource, temporality: Temporality) {
    this.#temporality = temporality;
    const histograms = temporalityOf(temporality, InstrumentType.HISTOGRAM);
    this.reader = new PushReader(temporality, [createProducer(source, '1.2.3', histograms)]);
  }

  async read(): Promise<void> {
    const { resourceMetrics, errors } = await this.reader.collect();
    expect(errors).toEqual([]);
    this.latest = resourceMetrics;
    for (const metric of metricsOf(resourceMetrics)) {
      if (metric.dataPointType === DataPointType.HISTOGRAM || metric.dataPointType === DataPointType.SUM) {
        this.#add(metric);
      }
    }
  }

  #add(metric: MetricData): void {
    const adds = metric.aggregationTemporality !== CUMULATIVE;
    expect(adds && this.#temporality === 'cumulative').toBe(false);
    for (const { attributes, value } of metric.dataPoints) {
      const key = `${metric.descriptor.name} ${JSON.stringify(attributes)}`;
      const { counts, sum } =
        typeof value === 'number'
          ? { counts: [], sum: value }
          : 'buckets' in value && 'counts' in value.buckets
            ? { counts: value.buckets.counts, sum: value.sum ?? Number.NaN }
            : expect.fail('no explicit buckets');
      const before = adds ? this.totals.get(key) : undefined;
      this.totals.set(key, {
        counts: counts.map((count, bucket) => count + (before?.counts[bucket] ?? 0)),
        sum: sum + (before?.sum ?? 0),
      });
    }
  }

  gauges(): Record<string, unknown> {
    const metrics = this.latest === undefined ? [] : metricsOf(this.latest);
    return Object.fromEntries(
      metrics
        .filter(({ dataPointType }) => dataPointType === DataPointType.GAUGE)
        .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ value }) => value)]),
    );
  }
}

function metricsOf({ scopeMetrics }: ResourceMetrics): readonly MetricData[] {
  return scopeMetrics.flatMap(({ metrics }) => metrics);
}

/** What an agent of two threads goes through in a minute: one of them ends in its middle. */
class Agent {
  readonly source = new FakeSource();
  readonly #random: SeededRandom;
  readonly #delays = new Map<string, HistogramObservation>();
  readonly #counted = new Map<MetricName, number>();

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** Sums are of 64ths, which add up without an error. */
  second(second: number): void {
    const random = this.#random;
    for (const thread of second < 30 ? ['main', 'worker 1'] : ['main']) {
      const before = this.#delays.get(thread) ?? {
        counts: Array.from({ length: 14 }, () => 0),
        sum: 0,
        since: 1e12,
        attributes: { thread },
      };
      const added = before.counts.map(() => (random.chance(0.3) ? random.integer(1, 90) : 0));
      this.#delays.set(thread, {
        ...before,
        counts: before.counts.map((count, bucket) => count + (added[bucket] ?? 0)),
        sum: before.sum + random.integer(0, 64) / 64,
      });
    }
    if (second === 30) {
      this.#delays.delete('worker 1');
    }
    this.source.aggregated.set('loopscope.eventloop.delay', [...this.#delays.values()]);
    for (const name of gauges) {
      this.source.set(name, random.next(), { thread: 'main' });
    }
    for (const name of counters) {
      this.#counted.set(name, (this.#counted.get(name) ?? 0) + random.integer(0, 64));
      this.source.set(name, this.#counted.get(name) ?? 0, { thread: 'main' });
    }
    for (let stalls = random.integer(0, 3); stalls > 0; stalls -= 1) {
      const attributes = { phase: 'running', thread: 'main' };
      this.source.record('loopscope.eventloop.stall.duration', random.integer(1, 640) / 64, attributes);
    }
  }
}

describe.each(seeds)('a reader each second and one every seven: seed %i', (seed) => {
  async function minute(temporality: Temporality): Promise<readonly [often: Reading, seldom: Reading]> {
    const agent = new Agent(seed);
    const often = new Reading(agent.source, 'cumulative');
    const seldom = new Reading(agent.source, temporality);
    feedReaders([often.reader, seldom.reader], emptyResource(), agent.source, '1.2.3');
    for (let second = 1; second <= 63; second += 1) {
      agent.second(second);
      await often.read();
      if (second % 7 === 0) {
        await seldom.read();
        expect(seldom.gauges()).toEqual(often.gauges());
        expect(Object.keys(seldom.gauges()).sort()).toEqual([...gauges].sort());
      }
    }
    return [often, seldom];
  }

  const present = ({ totals }: Reading): [string, Totals][] =>
    [...totals].filter(([key]) => !key.includes('worker 1'));

  test.each(['cumulative', 'delta', 'lowmemory'] as const)(
    'agree on every count and sum: %s',
    async (temporality) => {
      const [often, seldom] = await minute(temporality);
      expect(new Map(present(seldom))).toEqual(new Map(present(often)));
      expect(often.totals.size).toBeGreaterThan(10);
    },
  );
});
