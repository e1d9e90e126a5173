import { spawnSync } from 'node:child_process';
import { catalogue, type MetricDefinition, prometheusName } from '@loopscope/sdk/telemetry';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import { createProducer, feedReaders } from '../../src/meter-provider.ts';
import { PrometheusReader } from '../../src/prometheus/prometheus-reader.ts';
import { FakeSource } from '../support/fake-source.ts';
import { parsePrometheusText } from '../support/prometheus-text.ts';

function feed(attributes: Record<string, string | number> = { 'service.name': 'shop' }): {
  source: FakeSource;
  reader: PrometheusReader;
  errors: unknown[];
} {
  const source = new FakeSource();
  const errors: unknown[] = [];
  const producer = createProducer(source, '1.2.3', AggregationTemporality.CUMULATIVE);
  const reader = new PrometheusReader(
    { onError: (error) => errors.push(error), onStall: (listener) => source.onStall(listener) },
    [producer],
  );
  feedReaders([reader], resourceFromAttributes(attributes), source, '1.2.3');
  return { source, reader, errors };
}

function fill(source: FakeSource): void {
  for (const {
    name,
    instrument,
    attributes,
    aggregated,
    buckets = [],
  } of catalogue as readonly MetricDefinition[]) {
    const labels = Object.fromEntries(
      Object.keys(attributes).map((label) => [label, `a "quoted" \\ value\nof ${label}`]),
    );
    if (aggregated) {
      const counts = [...buckets, Number.POSITIVE_INFINITY].map((_, index) => index);
      source.aggregated.set(name as never, [{ counts, sum: 12.5, since: 1e12, attributes: labels }]);
    } else if (instrument === 'histogram') {
      for (const value of [0.0001, 0.02, 7, 1e6]) {
        source.record(name as never, value, labels);
      }
    } else {
      source.set(name as never, 1.5, labels);
    }
  }
}

describe('the Prometheus text', () => {
  test('holds every metric of the catalogue under its Prometheus name and type', async () => {
    const { source, reader } = feed();
    fill(source);
    const families = parsePrometheusText((await reader.scrape('prometheus')).toString());
    expect([...families.keys()].sort()).toEqual([...catalogue.map(prometheusName), 'target_info'].sort());
    for (const definition of catalogue) {
      const family = families.get(prometheusName(definition));
      expect(family?.help).toBe(definition.description);
      expect(family?.type).toBe(definition.instrument === 'updowncounter' ? 'gauge' : definition.instrument);
    }
  });

  test('leaves a gauge out whose thread is gone, and has it again with a thread of that name', async () => {
    const { source, reader } = feed();
    const name = 'nodejs.eventloop.utilization';
    const main = { value: 0.2, attributes: { thread: 'main' } };
    const worker = { value: 0.9, attributes: { thread: 'worker-1' } };
    const threads = async (): Promise<readonly string[]> =>
      [
        ...(await reader.scrape('prometheus'))
          .toString()
          .matchAll(/^nodejs_eventloop_utilization_ratio\{thread="(.*)"\}/gm),
      ]
        .map(([, thread]) => thread ?? '')
        .sort();
    source.readings.set(name, [main, worker]);
    expect(await threads()).toEqual(['main', 'worker-1']);
    source.readings.set(name, [main]);
    expect(await threads()).toEqual(['main']);
    source.readings.delete(name);
    expect(await threads()).toEqual([]);
    source.readings.set(name, [worker, main]);
    expect(await threads()).toEqual(['main', 'worker-1']);
  });

  test('has the names that an OTLP-fed Prometheus shows', async () => {
    const { source, reader } = feed();
    fill(source);
    const text = (await reader.scrape('prometheus')).toString();
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'nodejs_eventloop_delay_p99_seconds',
        'loopscope_eventloop_delay_seconds',
        'loopscope_eventloop_delay_explained_ratio',
        'nodejs_eventloop_utilization_ratio',
        'nodejs_eventloop_time_seconds_total',
        'loopscope_eventloop_stall_age_seconds',
        'loopscope_eventloop_stall_duration_seconds',
        'loopscope_eventloop_iterations_total',
        'v8js_memory_heap_used_bytes',
        'process_cpu_time_seconds_total',
        'process_uptime_seconds',
      ]),
    );
    expect(text).not.toMatch(/_total_total|# UNIT|otel_scope/);
  });

  test('gives back label values with quotes, backslashes and line ends', async () => {
    const { source, reader } = feed();
    const value = 'a "quoted" \\n \\\\ value\nnext \u0000 é 💥';
    source.set('loopscope.agent.failures', 2, { part: value });
    const families = parsePrometheusText((await reader.scrape('prometheus')).toString());
    expect(
      families.get('loopscope_agent_failures_total')?.samples.get('loopscope_agent_failures_total'),
    ).toEqual([{ labels: { part: value }, value: 2 }]);
  });

  test('counts histogram values cumulatively up to +Inf', async () => {
    const { source, reader } = feed();
    for (const value of [0.04, 0.05, 0.3, 99]) {
      source.record('loopscope.eventloop.stall.duration', value, { phase: 'running', thread: 'main' });
    }
    const family = parsePrometheusText((await reader.scrape('prometheus')).toString()).get(
      'loopscope_eventloop_stall_duration_seconds',
    );
    const buckets = family?.samples.get('loopscope_eventloop_stall_duration_seconds_bucket') ?? [];
    expect(buckets.map(({ labels, value }) => [labels['le'], value])).toEqual([
      ['0.05', 2],
      ['0.1', 2],
      ['0.25', 2],
      ['0.5', 3],
      ['1', 3],
      ['2.5', 3],
      ['5', 3],
      ['10', 3],
      ['30', 3],
      ['+Inf', 4],
    ]);
  });

  test('adds up the buckets of a histogram that the agent keeps itself', async () => {
    const { source, reader } = feed();
    const counts = [7, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 3];
    source.aggregated.set('loopscope.eventloop.delay', [
      { counts, sum: 41.25, since: 1e12, attributes: { thread: 'main' } },
    ]);
    const family = parsePrometheusText((await reader.scrape('prometheus')).toString()).get(
      'loopscope_eventloop_delay_seconds',
    );
    const series = (suffix: string): readonly number[] =>
      (family?.samples.get(`loopscope_eventloop_delay_seconds_${suffix}`) ?? []).map(({ value }) => value);
    expect(series('bucket')).toEqual([7, 7, 7, 8, 8, 8, 8, 10, 10, 10, 10, 10, 10, 13]);
    expect(series('count')).toEqual([13]);
    expect(series('sum')).toEqual([41.25]);
  });

  test('describes the target with labels that are valid and distinct', async () => {
    const { source, reader } = feed({
      'service.name': 'shop',
      '1st': 'digit',
      'a.b': 'dot',
      a_b: 'underscore',
      'é/é': 'letters',
      'process.pid': 7,
    });
    source.set('process.uptime', 1);
    const info = parsePrometheusText((await reader.scrape('prometheus')).toString()).get('target_info');
    expect(info?.samples.get('target_info')).toEqual([
      {
        value: 1,
        labels: {
          service_name: 'shop',
          key_1st: 'digit',
          a_b: 'dot;underscore',
          _: 'letters',
          process_pid: '7',
        },
      },
    ]);
  });

  test('is whole where the source has nothing yet', async () => {
    const { reader } = feed();
    const text = (await reader.scrape('prometheus')).toString();
    expect(text).toMatch(/^target_info\{service_name="shop"\} 1$/m);
    expect(text.endsWith('\n')).toBe(true);
  });

  const promtool = spawnSync('promtool', ['--version']).status === 0;
  test.runIf(promtool)('passes promtool', async () => {
    const { source, reader } = feed({ 'service.name': 'shop', '1st': 'a', 'a.b': '1', a_b: '2' });
    fill(source);
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: await reader.scrape('prometheus'),
    });
    // 3 is for advice on naming, which the conventions of OpenTelemetry do not always follow.
    expect(`${status} ${stderr.toString()}`).toMatch(/^[03] /);
    expect(stderr.toString()).not.toMatch(/error while linting/);
  });
});

describe('scrapes', () => {
  test('of one turn share one collection and its result', async () => {
    const { source, reader } = feed();
    source.set('process.uptime', 1);
    const texts = await Promise.all(Array.from({ length: 1000 }, () => reader.scrape('prometheus')));
    expect(source.observed).toBe(1);
    expect(new Set(texts).size).toBe(1);
  });

  test('that come later are read anew', async () => {
    const { source, reader } = feed();
    source.set('process.uptime', 1);
    await reader.scrape('prometheus');
    source.set('process.uptime', 2);
    expect((await reader.scrape('prometheus')).toString()).toContain('process_uptime_seconds 2\n');
    expect(source.observed).toBe(2);
  });

  test('survive a source that throws, and tell of it', async () => {
    const { source, reader, errors } = feed();
    source.record('v8js.gc.duration', 0.2);
    source.failure = new Error('probe broke');
    expect((await reader.scrape('prometheus')).toString()).toContain('v8js_gc_duration_seconds_count 1\n');
    expect(new Set(errors)).toEqual(new Set([source.failure]));
    source.failure = undefined;
    source.set('process.uptime', 3);
    expect((await reader.scrape('prometheus')).toString()).toContain('process_uptime_seconds 3\n');
  });
});
