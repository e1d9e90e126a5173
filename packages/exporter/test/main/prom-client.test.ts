import type { LoopscopeHandle, MetricsSnapshot, Stall, StallEvent } from '@loopscope/sdk';
import { catalogue, prometheusName } from '@loopscope/sdk/telemetry';
import { expect, test, vi } from 'vitest';
import { collectLoopMetrics } from '../../src/main/prom-client.ts';
import type { MetricObject } from '../../src/main/registry.ts';

interface Metric {
  name: string;
  get(): Promise<MetricObject>;
  reset(): void;
}

/** Keeps metrics by name, as both packages' registries do. */
class FakeRegistry {
  readonly contentType = 'text/plain';
  readonly metrics = new Map<string, Metric>();

  registerMetric(metric: Metric): void {
    this.metrics.set(metric.name, metric);
  }

  getSingleMetric(name: string): unknown {
    return this.metrics.get(name);
  }

  removeSingleMetric(name: string): void {
    this.metrics.delete(name);
  }

  async values(name: string): Promise<MetricObject['values']> {
    return (await this.metrics.get(name)?.get())?.values ?? [];
  }
}

const snapshot: MetricsSnapshot = {
  at: 100_000,
  metrics: [
    {
      name: 'loopscope.eventloop.stall.duration',
      description: '',
      unit: 's',
      instrument: 'histogram',
      points: [
        {
          attributes: { cause: 'cpu', phase: 'running', thread: 'main' },
          boundaries: [0.05, 0.1, 0.25],
          counts: [0, 1, 2, 1],
          count: 4,
          sum: 1.5,
        },
      ],
    },
    {
      name: 'v8js.resource.active',
      description: '',
      unit: '{resource}',
      instrument: 'updowncounter',
      points: [
        { attributes: { 'v8js.resource.type': 'Timeout', thread: 'main' }, value: 3 },
        { attributes: { 'v8js.resource.type': 'TCPSocketWrap', thread: 'main' }, value: 2 },
        { attributes: { 'v8js.resource.type': 'Timeout', thread: 'worker' }, value: 9 },
      ],
    },
    {
      name: 'process.uptime',
      description: '',
      unit: 's',
      instrument: 'gauge',
      points: [{ attributes: {}, value: 40.4 }],
    },
  ],
};

interface FakeHandle {
  readonly handle: LoopscopeHandle;
  readonly collections: () => number;
  readonly tell: (event: StallEvent) => void;
}

function fakeHandle(collect: () => Promise<MetricsSnapshot> = async () => snapshot): FakeHandle {
  let collections = 0;
  const listeners = new Set<(event: StallEvent) => void>();
  const handle: Partial<LoopscopeHandle> = {
    on: ((_: string, listener: (event: StallEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }) as unknown as LoopscopeHandle['on'],
    collect: () => {
      collections += 1;
      return collect();
    },
  };
  return {
    handle: handle as LoopscopeHandle,
    collections: () => collections,
    tell: (event) => {
      for (const listener of listeners) {
        listener(event);
      }
    },
  };
}

test('a registry gets every metric of the catalogue, and loses them by the undo', () => {
  const registry = new FakeRegistry();
  const undo = collectLoopMetrics(registry, { handle: fakeHandle().handle });
  expect([...registry.metrics.keys()].sort()).toEqual(catalogue.map(prometheusName).sort());
  undo();
  expect(registry.metrics.size).toBe(0);
});

test('values are those of the snapshot, with labels for attributes and buckets accumulated', async () => {
  const registry = new FakeRegistry();
  collectLoopMetrics(registry, { handle: fakeHandle().handle });
  expect(await registry.values('v8js_resource_active')).toContainEqual({
    labels: { v8js_resource_type: 'Timeout', thread: 'worker' },
    value: 9,
  });
  const labels = { cause: 'cpu', phase: 'running', thread: 'main' };
  const name = 'loopscope_eventloop_stall_duration_seconds';
  expect(await registry.values(name)).toEqual([
    { metricName: `${name}_bucket`, labels: { ...labels, le: 0.05 }, value: 0 },
    { metricName: `${name}_bucket`, labels: { ...labels, le: 0.1 }, value: 1 },
    { metricName: `${name}_bucket`, labels: { ...labels, le: 0.25 }, value: 3 },
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: 4 },
    { metricName: `${name}_sum`, labels, value: 1.5 },
    { metricName: `${name}_count`, labels, value: 4 },
  ]);
});

test('an agent that does not answer leaves metrics without series', async () => {
  const registry = new FakeRegistry();
  collectLoopMetrics(registry, { handle: fakeHandle(() => Promise.reject(new Error('gone'))).handle });
  expect(await registry.values('process_uptime_seconds')).toEqual([]);
});

test('a counter is written without _total where the registry asks for it, and only that time', async () => {
  const registry = new FakeRegistry();
  collectLoopMetrics(registry, { handle: fakeHandle().handle });
  const metric = registry.metrics.get('loopscope_eventloop_iterations_total');
  if (metric === undefined) {
    expect.unreachable();
  }
  metric.name = 'loopscope_eventloop_iterations';
  expect(await metric.get()).toMatchObject({ name: 'loopscope_eventloop_iterations', type: 'counter' });
  expect(await metric.get()).toMatchObject({ name: 'loopscope_eventloop_iterations_total' });
  expect(metric.name).toBe('loopscope_eventloop_iterations_total');
});

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const stall = {
  cause: 'cpu',
  phase: 'running',
  thread: { id: 0, name: 'main' },
  startedAt: 1000,
  durationMs: 180,
  inspectorOpen: false,
  span,
} as Stall;

test("a bucket of the stalls has the latest recorded stall's trace", async () => {
  const registry = new FakeRegistry();
  const { handle, tell } = fakeHandle();
  collectLoopMetrics(registry, { handle });
  tell({ type: 'closed', stall });
  tell({ type: 'opened', stall: { ...stall, durationMs: 90 } });
  tell({ type: 'closed', stall: { ...stall, durationMs: 60, span: { ...span, sampled: false } } });
  const values = await registry.values('loopscope_eventloop_stall_duration_seconds');
  expect(values.filter(({ exemplar }) => exemplar !== undefined)).toEqual([
    expect.objectContaining({
      labels: expect.objectContaining({ le: 0.25 }),
      exemplar: {
        labelSet: { trace_id: span.traceId, span_id: span.spanId },
        value: 0.18,
        timestamp: 1.18,
      },
    }),
  ]);
});

test('compat adds the names of prom-client, of the main thread alone', async () => {
  const registry = new FakeRegistry();
  collectLoopMetrics(registry, { handle: fakeHandle().handle, compat: true });
  expect(await registry.values('nodejs_active_resources')).toEqual([
    { labels: { type: 'Timeout' }, value: 3 },
    { labels: { type: 'TCPSocketWrap' }, value: 2 },
  ]);
  expect(await registry.values('nodejs_active_resources_total')).toEqual([{ labels: {}, value: 5 }]);
  expect(await registry.values('process_start_time_seconds')).toEqual([{ labels: {}, value: 60 }]);
  expect(await registry.values('nodejs_version_info')).toEqual([
    { labels: expect.objectContaining({ version: process.version }), value: 1 },
  ]);
});

test('a name that is taken stays, is named in one warning, and is not taken out', () => {
  const registry = new FakeRegistry();
  const theirs = { name: 'process_open_fds', get: vi.fn(), reset: () => {} };
  registry.registerMetric(theirs);
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const undo = collectLoopMetrics(registry, { handle: fakeHandle().handle, compat: true });
  expect(registry.metrics.get('process_open_fds')).toBe(theirs);
  expect(warn.mock.calls).toEqual([
    [
      'The registry has metrics of these names already, which stay as they are: process_open_fds',
      { type: 'LoopscopeWarning', code: 'LOOPSCOPE_METRIC_TAKEN' },
    ],
  ]);
  warn.mockRestore();
  undo();
  expect([...registry.metrics.values()]).toEqual([theirs]);
});

test('several registries get the same metrics', () => {
  const registries = [new FakeRegistry(), new FakeRegistry()];
  collectLoopMetrics(registries, { handle: fakeHandle().handle });
  expect(registries[0]?.metrics).toEqual(registries[1]?.metrics);
});

test.each([
  [
    {},
    {},
    'collectLoopMetrics: register received {}, expected a Registry of prom-client or @prometheus-io/client, or an array of them',
  ],
  [
    new FakeRegistry(),
    { compat: 'yes' },
    "collectLoopMetrics: options.compat received 'yes', expected true or false",
  ],
  [
    new FakeRegistry(),
    { compact: true },
    'collectLoopMetrics: options.compact received true, expected one of compat, handle: there is no such option',
  ],
  [
    new FakeRegistry(),
    { handle: null },
    'collectLoopMetrics: options.handle received null, expected what start() returned',
  ],
  [new FakeRegistry(), null, 'collectLoopMetrics: options received null, expected an object'],
])('bad input is named with its value', (register, options, message) => {
  expect(() => collectLoopMetrics(register as never, options as never)).toThrow(
    expect.objectContaining({ name: 'TypeError', code: 'LOOPSCOPE_INVALID_OPTION', message }),
  );
});
