import type { LoopscopeHandle, MetricsSnapshot, Stall, StallEvent } from '@loopscope/sdk';
import { MeterProvider, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, test, vi } from 'vitest';
import { LoopscopeInstrumentation } from '../../src/main/instrumentation.ts';
import type { LogRecord } from '../../src/shared/open-telemetry.ts';
import { Reader } from '../support/reader.ts';

function snapshotOf(iterations: number, counts: number[], sum: number): MetricsSnapshot {
  const face = { description: '', unit: '' };
  return {
    at: 1,
    metrics: [
      {
        ...face,
        name: 'loopscope.eventloop.iterations',
        instrument: 'counter',
        points: [{ attributes: { thread: 'main' }, value: iterations }],
      },
      {
        ...face,
        name: 'nodejs.eventloop.utilization',
        instrument: 'gauge',
        points: [{ attributes: { thread: 'main' }, value: 0.5 }],
      },
      {
        ...face,
        name: 'loopscope.threadpool.wait',
        instrument: 'histogram',
        points: [
          {
            attributes: {},
            boundaries: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            counts,
            count: counts.reduce((all, each) => all + each, 0),
            sum,
          },
        ],
      },
    ],
  };
}

const none = Array<number>(12).fill(0);

class FakeAgent {
  snapshot = snapshotOf(3, [2, ...none], 0.001);
  exporters: readonly 'otlp'[] = [];
  asked = 0;
  readonly listeners = new Set<(event: StallEvent) => void>();
  readonly handle = {
    on: (_: string, listener: (event: StallEvent) => void) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
    collect: async () => {
      this.asked += 1;
      return this.snapshot;
    },
    exporters: this.exporters,
  } as unknown as LoopscopeHandle;
}

function histogram(metrics: ReadonlyMap<string, MetricData>): unknown {
  const [point] = metrics.get('loopscope.threadpool.wait')?.dataPoints ?? [];
  return point?.value;
}

describe('a MeterProvider', () => {
  test('gets counters, gauges, and histograms with the sums of the agent, by one question', async () => {
    const agent = new FakeAgent();
    const reader = new Reader();
    const instrumentation = new LoopscopeInstrumentation({ handle: agent.handle });
    instrumentation.setMeterProvider(new MeterProvider({ readers: [reader] }));
    const metrics = await reader.read();
    expect(agent.asked).toBe(1);
    expect(metrics.get('loopscope.eventloop.iterations')?.dataPoints).toMatchObject([
      { value: 3, attributes: { thread: 'main' } },
    ]);
    expect(metrics.get('nodejs.eventloop.utilization')?.dataPoints).toMatchObject([{ value: 0.5 }]);
    expect(histogram(metrics)).toMatchObject({ count: 2, sum: 0.001, buckets: { counts: [2, ...none] } });
    agent.snapshot = snapshotOf(4, [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 40.001);
    expect(histogram(await reader.read())).toMatchObject({ count: 3, sum: 40.001 });
  });

  test('gets all that has been counted where it follows another, which gets no more', async () => {
    const agent = new FakeAgent();
    const readers = [new Reader(), new Reader()] as const;
    const instrumentation = new LoopscopeInstrumentation({ handle: agent.handle });
    instrumentation.setMeterProvider(new MeterProvider({ readers: [readers[0]] }));
    await readers[0].read();
    instrumentation.setMeterProvider(new MeterProvider({ readers: [readers[1]] }));
    expect(histogram(await readers[1].read())).toMatchObject({ count: 2, sum: 0.001 });
    agent.asked = 0;
    await readers[0].read();
    expect(agent.asked).toBe(0);
  });

  test('that is set again is not fed twice', async () => {
    const agent = new FakeAgent();
    const reader = new Reader();
    const provider = new MeterProvider({ readers: [reader] });
    const instrumentation = new LoopscopeInstrumentation({ handle: agent.handle });
    instrumentation.setMeterProvider(provider);
    instrumentation.setMeterProvider(provider);
    expect(histogram(await reader.read())).toMatchObject({ count: 2 });
    expect(agent.asked).toBe(1);
  });

  test('gives each of its readers the whole, also at the same time', async () => {
    const agent = new FakeAgent();
    agent.snapshot = snapshotOf(3, [1700, ...none], 1);
    const readers = [new Reader(), new Reader()];
    new LoopscopeInstrumentation({ handle: agent.handle }).setMeterProvider(new MeterProvider({ readers }));
    const both = await Promise.all(readers.map((reader) => reader.read()));
    for (const metrics of both) {
      expect(histogram(metrics)).toMatchObject({ count: 1700, sum: expect.closeTo(1, 9) });
    }
  });

  test('can keep the names of the semantic conventions for another', async () => {
    const reader = new Reader();
    const instrumentation = new LoopscopeInstrumentation({
      handle: new FakeAgent().handle,
      conventions: false,
    });
    instrumentation.setMeterProvider(new MeterProvider({ readers: [reader] }));
    expect([...(await reader.read()).keys()].sort()).toEqual([
      'loopscope.eventloop.iterations',
      'loopscope.threadpool.wait',
    ]);
  });

  test('is let go by disable(), and fed again by enable()', async () => {
    const agent = new FakeAgent();
    const reader = new Reader();
    const instrumentation = new LoopscopeInstrumentation({ handle: agent.handle, enabled: false });
    instrumentation.setMeterProvider(new MeterProvider({ readers: [reader] }));
    await reader.read();
    expect([agent.asked, agent.listeners.size]).toEqual([0, 0]);
    instrumentation.enable();
    await reader.read();
    expect([agent.asked, agent.listeners.size]).toEqual([1, 1]);
    instrumentation.disable();
    await reader.read();
    expect([agent.asked, agent.listeners.size]).toEqual([1, 0]);
    expect(instrumentation.getConfig().enabled).toBe(false);
  });

  test('of which another instrumentation has the same names is told once', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const reader = new Reader();
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter('@opentelemetry/instrumentation-runtime-node', '0.37.0');
    new LoopscopeInstrumentation({ handle: new FakeAgent().handle }).setMeterProvider(provider);
    await reader.read();
    await reader.read();
    expect(warn.mock.calls.map(([, options]) => (options as { code?: string }).code)).toEqual([
      'LOOPSCOPE_METRICS_TWICE',
    ]);
    warn.mockRestore();
  });
});

const stall = {
  id: '1',
  state: 'closed',
  phase: 'running',
  cause: 'cpu',
  advice: 'Do less.',
  thread: { id: 0, name: 'main' },
  startedAt: 1000,
  durationMs: 180,
  suspendedMs: 0,
  inspectorOpen: false,
  span: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true },
  evidence: {},
  victims: { requests: 1, lostMs: 90 },
  captures: [],
} as unknown as Stall;

test('a stall that is over is a log event and a span, under the span that was blocked', () => {
  const agent = new FakeAgent();
  const instrumentation = new LoopscopeInstrumentation({ handle: agent.handle });
  const logs: LogRecord[] = [];
  const spans: unknown[] = [];
  instrumentation.setLoggerProvider({ getLogger: () => ({ emit: (record) => logs.push(record) }) });
  instrumentation.setTracerProvider({
    getTracer: (name) => ({
      startSpan: (span, { startTime }, context) => {
        const parent = context.getValue(Symbol.for('OpenTelemetry Context Key SPAN')) as {
          spanContext(): object;
        };
        return { end: (endTime) => spans.push([name, span, startTime, endTime, parent.spanContext()]) };
      },
    }),
  });
  for (const listener of agent.listeners) {
    listener({ type: 'opened', stall });
    listener({ type: 'closed', stall });
    listener({ type: 'closed', stall: { ...stall, inspectorOpen: true } });
  }
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
  expect(spans).toEqual([['@loopscope/sdk', 'loopscope.eventloop.stall', 1000, 1180, parent]]);
  expect(logs).toMatchObject([
    {
      eventName: 'loopscope.eventloop.stall',
      timestamp: 1180,
      attributes: { 'loopscope.stall.cause': 'cpu' },
    },
  ]);
});

test.each([
  [{ enabled: 'yes' }, "LoopscopeInstrumentation: enabled received 'yes', expected true or false"],
  [{ conventions: 0 }, 'LoopscopeInstrumentation: conventions received 0, expected true or false'],
  [{ handle: {} }, 'LoopscopeInstrumentation: handle received {}, expected what start() returned'],
  [null, 'LoopscopeInstrumentation: the configuration received null, expected an object'],
])('bad input is named with its value', (config, message) => {
  expect(() => new LoopscopeInstrumentation(config as never)).toThrow(
    expect.objectContaining({ code: 'LOOPSCOPE_INVALID_OPTION', message }),
  );
});
