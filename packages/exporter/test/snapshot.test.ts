import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { createProducer, feedReaders } from '../src/meter-provider.ts';
import { PrometheusReader } from '../src/prometheus/prometheus-reader.ts';
import { FakeSource } from './support/fake-source.ts';

test('a snapshot has values, both kinds of histograms and nothing that is gone', async () => {
  const source = new FakeSource();
  const producer = createProducer(source, '1.2.3', AggregationTemporality.CUMULATIVE);
  const reader = new PrometheusReader(
    { onError: () => expect.fail('nothing fails'), onStall: (listener) => source.onStall(listener) },
    [producer],
  );
  feedReaders([reader], resourceFromAttributes({}), source, '1.2.3');
  source.set('loopscope.eventloop.iterations', 42, { thread: 'main' });
  source.set('nodejs.eventloop.utilization', 0.5, { thread: 'main' });
  source.record('v8js.gc.duration', 0.25, { 'v8js.gc.type': 'minor', thread: 'main' });
  const { at, metrics } = await reader.snapshot();
  expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
  expect(metrics.find(({ name }) => name === 'loopscope.eventloop.iterations')).toMatchObject({
    instrument: 'counter',
    unit: '{iteration}',
    points: [{ attributes: { thread: 'main' }, value: 42 }],
  });
  const [collection] = metrics.find(({ name }) => name === 'v8js.gc.duration')?.points ?? [];
  expect(collection).toMatchObject({ attributes: { 'v8js.gc.type': 'minor' }, count: 1, sum: 0.25 });
  source.readings.clear();
  const later = await reader.snapshot();
  expect(later.metrics.map(({ name }) => name)).toEqual([
    'loopscope.eventloop.iterations',
    'v8js.gc.duration',
  ]);
});
