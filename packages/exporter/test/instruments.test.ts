import { catalogue, type MetricDefinition } from '@loopscope/sdk/telemetry';
import { AggregationTemporality, DataPointType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import { bindInstruments } from '../src/instruments.ts';
import { FakeSource } from './support/fake-source.ts';
import { Reader } from './support/reader.ts';

function bind(readers = 1): { source: FakeSource; readers: Reader[]; undo: () => void } {
  const source = new FakeSource();
  const made = Array.from({ length: readers }, () => new Reader());
  const provider = new MeterProvider({ readers: made });
  return { source, readers: made, undo: bindInstruments(provider.getMeter('test'), source) };
}

const first = ({ readers: [reader] }: { readers: Reader[] }): Reader => reader as Reader;

describe('instruments', () => {
  test('exist for every entry of the catalogue that takes values, with its unit, description, kind and buckets', async () => {
    const bound = bind();
    const instruments = (catalogue as readonly MetricDefinition[]).filter((each) => !each.aggregated);
    for (const { name, instrument } of instruments as readonly (typeof catalogue)[number][]) {
      if (instrument === 'histogram') {
        bound.source.record(name, 0.2);
      } else {
        bound.source.set(name, 1);
      }
    }
    const metrics = await first(bound).read();
    expect([...metrics.keys()].sort()).toEqual(instruments.map(({ name }) => name).sort());
    for (const definition of instruments) {
      const metric = metrics.get(definition.name);
      expect(metric?.descriptor).toMatchObject({
        unit: definition.unit,
        description: definition.description,
      });
      const { gauge, counter, updowncounter, histogram } = {
        gauge: { dataPointType: DataPointType.GAUGE },
        counter: { dataPointType: DataPointType.SUM, isMonotonic: true },
        updowncounter: { dataPointType: DataPointType.SUM, isMonotonic: false },
        histogram: {
          dataPointType: DataPointType.HISTOGRAM,
          dataPoints: [{ value: { buckets: { boundaries: definition.buckets } } }],
        },
      };
      expect(metric).toMatchObject({ gauge, counter, updowncounter, histogram }[definition.instrument]);
      expect(metric?.aggregationTemporality).toBe(AggregationTemporality.CUMULATIVE);
    }
  });

  test('leave a gauge its fraction, whatever its unit', async () => {
    const bound = bind();
    bound.source.set('loopscope.cgroup.cpu.limit', 0.5);
    const metrics = await first(bound).read();
    expect(metrics.get('loopscope.cgroup.cpu.limit')?.dataPoints[0]?.value).toBe(0.5);
  });

  test('read the source once for one collection, however many metrics there are', async () => {
    const bound = bind();
    for (const { name } of catalogue) {
      bound.source.set(name, 1);
    }
    await first(bound).read();
    expect(bound.source.observed).toBe(1);
  });

  test('give each reader the same cumulative values, whoever reads first or more often', async () => {
    const { source, readers } = bind(2);
    const [often, seldom] = readers as [Reader, Reader];
    source.record('v8js.gc.duration', 0.2, { 'v8js.gc.type': 'major' });
    for (const value of [1, 5, 9]) {
      source.set('loopscope.eventloop.iterations', value);
      await often.read();
    }
    source.record('v8js.gc.duration', 0.3, { 'v8js.gc.type': 'major' });
    for (const metrics of [await often.read(), await seldom.read()]) {
      expect(metrics.get('loopscope.eventloop.iterations')?.dataPoints[0]?.value).toBe(9);
      expect(metrics.get('v8js.gc.duration')?.dataPoints[0]?.value).toMatchObject({ count: 2, sum: 0.5 });
    }
  });

  test('show 0 for a counted thing that is gone, and its value again when it is back', async () => {
    const bound = bind();
    const read = async (): Promise<Record<string, unknown>> => {
      const metric = (await first(bound).read()).get('v8js.resource.active');
      return Object.fromEntries(
        (metric?.dataPoints ?? []).map(({ attributes, value }) => [attributes['v8js.resource.type'], value]),
      );
    };
    const timers = { value: 3, attributes: { thread: 'main', 'v8js.resource.type': 'Timeout' } };
    const sockets = { value: 2, attributes: { 'v8js.resource.type': 'TCPSocketWrap', thread: 'main' } };
    bound.source.readings.set('v8js.resource.active', [timers, sockets]);
    expect(await read()).toEqual({ Timeout: 3, TCPSocketWrap: 2 });
    bound.source.readings.set('v8js.resource.active', [timers]);
    expect(await read()).toEqual({ Timeout: 3, TCPSocketWrap: 0 });
    bound.source.readings.set('v8js.resource.active', [sockets, timers]);
    expect(await read()).toEqual({ Timeout: 3, TCPSocketWrap: 2 });
  });

  test('are silent after the undo', async () => {
    const bound = bind();
    bound.source.set('process.uptime', 1);
    bound.undo();
    bound.source.record('v8js.gc.duration', 1);
    expect(bound.source.recordListeners).toBe(0);
    expect((await first(bound).read()).size).toBe(0);
    expect(bound.source.observed).toBe(0);
  });
});
