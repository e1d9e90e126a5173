import { describe, expect, test } from 'vitest';
import { type MetricDefinition, prometheusName } from '../../src/telemetry/metric-definition.ts';

describe('the Prometheus name', () => {
  test.each<[MetricDefinition['instrument'], string, string, string]>([
    ['gauge', 'nodejs.eventloop.utilization', '1', 'nodejs_eventloop_utilization_ratio'],
    ['gauge', 'nodejs.eventloop.delay.p99', 's', 'nodejs_eventloop_delay_p99_seconds'],
    ['gauge', 'loopscope.eventloop.stall.age', 's', 'loopscope_eventloop_stall_age_seconds'],
    ['counter', 'nodejs.eventloop.time', 's', 'nodejs_eventloop_time_seconds_total'],
    ['counter', 'loopscope.eventloop.iterations', '{iteration}', 'loopscope_eventloop_iterations_total'],
    ['updowncounter', 'v8js.memory.heap.used', 'By', 'v8js_memory_heap_used_bytes'],
    ['updowncounter', 'v8js.resource.active', '{resource}', 'v8js_resource_active'],
    ['histogram', 'v8js.gc.duration', 's', 'v8js_gc_duration_seconds'],
    ['histogram', 'some.size', 'By', 'some_size_bytes'],
  ])('of the %s %s in %s is %s', (instrument, name, unit, prometheus) => {
    expect(prometheusName({ instrument, name, unit })).toBe(prometheus);
  });

  test('is a ratio only where a gauge has the unit 1', () => {
    const of = (instrument: MetricDefinition['instrument']): string =>
      prometheusName({ instrument, name: 'a.b', unit: '1' });
    expect([of('gauge'), of('counter'), of('updowncounter'), of('histogram')]).toEqual([
      'a_b_ratio',
      'a_b_total',
      'a_b',
      'a_b',
    ]);
  });

  test('does not say a unit twice, and puts one mark for what it cannot say', () => {
    expect(prometheusName({ instrument: 'gauge', name: 'wait.seconds', unit: 's' })).toBe('wait_seconds');
    expect(prometheusName({ instrument: 'counter', name: 'wait-._seconds', unit: 's' })).toBe(
      'wait_seconds_total',
    );
  });
});
