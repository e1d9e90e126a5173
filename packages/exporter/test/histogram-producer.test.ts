import type { HistogramObservation } from '@loopscope/sdk/telemetry';
import { AggregationTemporality, type DataPoint, type Histogram } from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import { HistogramProducer } from '../src/histogram-producer.ts';
import { FakeSource } from './support/fake-source.ts';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const scope = { name: 'test' };
const bounds = 13;

function state(
  changes: Partial<HistogramObservation> & { first: number; last?: number },
): HistogramObservation {
  const { first, last = 0, ...others } = changes;
  const counts = [first, ...Array.from({ length: bounds - 1 }, () => 0), last];
  return { counts, sum: last * 12, since: 1000, attributes: { thread: 'main' }, ...others };
}

function give(source: FakeSource, ...series: readonly HistogramObservation[]): void {
  source.aggregated.set('loopscope.eventloop.delay', series);
}

async function points(producer: HistogramProducer): Promise<readonly DataPoint<Histogram>[]> {
  const { resourceMetrics, errors } = await producer.collect();
  expect(errors).toEqual([]);
  const metrics = resourceMetrics.scopeMetrics.flatMap((each) => each.metrics);
  return metrics.flatMap(({ dataPoints }) => dataPoints as DataPoint<Histogram>[]);
}

async function counts(
  producer: HistogramProducer,
): Promise<readonly [first: number, last: number, sum: number][]> {
  return (await points(producer)).map(({ value }) => {
    expect(value.count).toBe(value.buckets.counts.reduce((sum, each) => sum + each, 0));
    expect(value.buckets.counts).toHaveLength(value.buckets.boundaries.length + 1);
    return [value.buckets.counts[0] ?? 0, value.buckets.counts.at(-1) ?? 0, value.sum ?? Number.NaN];
  });
}

test('cumulative: each reader is given all there is, since its start', async () => {
  const source = new FakeSource();
  const [often, seldom] = [0, 1].map(() => new HistogramProducer(source, scope, CUMULATIVE));
  give(source, state({ first: 3 }));
  expect(await counts(often as HistogramProducer)).toEqual([[3, 0, 0]]);
  give(source, state({ first: 5, last: 2 }));
  for (const producer of [often, seldom] as HistogramProducer[]) {
    expect(await counts(producer)).toEqual([[5, 2, 24]]);
    expect((await points(producer))[0]?.startTime).toEqual([1, 0]);
  }
});

describe('delta', () => {
  test('each reader is given what has come since it was there last', async () => {
    const source = new FakeSource();
    const [often, seldom] = [0, 1].map(() => new HistogramProducer(source, scope, DELTA)) as [
      HistogramProducer,
      HistogramProducer,
    ];
    give(source, state({ first: 3 }));
    expect(await counts(often)).toEqual([[3, 0, 0]]);
    give(source, state({ first: 5, last: 2 }));
    expect(await counts(often)).toEqual([[2, 2, 24]]);
    expect(await counts(seldom)).toEqual([[5, 2, 24]]);
    give(source, state({ first: 6, last: 2 }));
    expect(await counts(often)).toEqual([[1, 0, 0]]);
    expect(await counts(seldom)).toEqual([[1, 0, 0]]);
  });

  test('follow on one another without a gap', async () => {
    const source = new FakeSource();
    const producer = new HistogramProducer(source, scope, DELTA);
    give(source, state({ first: 3 }));
    const [first] = await points(producer);
    give(source, state({ first: 4 }));
    const [second] = await points(producer);
    expect(first?.startTime).toEqual([1, 0]);
    expect(second?.startTime).toEqual(first?.endTime);
  });

  test('in which nothing has happened are left out', async () => {
    const source = new FakeSource();
    const producer = new HistogramProducer(source, scope, DELTA);
    give(source, state({ first: 3 }));
    await points(producer);
    expect(await points(producer)).toEqual([]);
    expect((await producer.collect()).resourceMetrics.scopeMetrics).toEqual([]);
  });

  test('begin anew for a thread that has begun anew', async () => {
    const source = new FakeSource();
    const producer = new HistogramProducer(source, scope, DELTA);
    give(source, state({ first: 30 }));
    await points(producer);
    give(source, state({ first: 2, since: 9000 }));
    expect(await counts(producer)).toEqual([[2, 0, 0]]);
    give(source, state({ first: 5, since: 9000 }));
    expect(await counts(producer)).toEqual([[3, 0, 0]]);
  });

  test('are by thread', async () => {
    const source = new FakeSource();
    const producer = new HistogramProducer(source, scope, DELTA);
    const worker = { thread: 'worker 1' };
    give(source, state({ first: 3 }), state({ first: 10, attributes: worker }));
    await points(producer);
    give(source, state({ first: 4 }), state({ first: 12, attributes: worker }));
    expect(await counts(producer)).toEqual([
      [1, 0, 0],
      [2, 0, 0],
    ]);
  });
});

test('no start lies after its end, whatever the wall clock was set to', async () => {
  const source = new FakeSource();
  give(source, state({ first: 3, since: Date.now() + 1e9 }));
  for (const temporality of [CUMULATIVE, DELTA]) {
    const [point] = await points(new HistogramProducer(source, scope, temporality));
    expect(point?.startTime).toEqual(point?.endTime);
  }
});

test('a source that throws is told as an error of the collection', async () => {
  const source = new FakeSource();
  source.failure = new Error('probe broke');
  const { errors } = await new HistogramProducer(source, scope, CUMULATIVE).collect();
  expect(errors).toEqual([source.failure]);
});
