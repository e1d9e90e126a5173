import type { Outlet } from '@loopscope/sdk/telemetry';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { feedReaders } from '../../src/meter-provider.ts';
import { readOtlpConfiguration } from '../../src/otlp/configuration.ts';
import { openOtlpPush } from '../../src/otlp/otlp-outlet.ts';
import { PushReader } from '../../src/otlp/push-reader.ts';
import { accept, Collector, type Reaction } from '../support/collector.ts';
import { RecordingContext } from '../support/recording-context.ts';
import { ticks } from '../support/ticks.ts';
import { waitUntil } from '../support/wait-until.ts';

const answer = (status: number, body = '', headers: Record<string, string> = {}): Reaction => {
  return (response) => response.writeHead(status, headers).end(body);
};

const opened: Outlet[] = [];
let collector: Collector;

beforeEach(async () => {
  collector = await Collector.open();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((outlet) => outlet.stop()));
  await collector.close();
});

// So long that no tick comes by itself: those tests export by flush.
const hour = '3600000';

function push(environment: Record<string, string> = {}): {
  outlet: Outlet;
  context: RecordingContext;
  errors: unknown[];
} {
  const context = new RecordingContext();
  context.source.set('process.uptime', 1);
  const errors: unknown[] = [];
  const configuration = readOtlpConfiguration({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_METRIC_EXPORT_INTERVAL: hour,
      ...environment,
    },
    say: context.say,
    debug: context.debug,
  });
  if (configuration === undefined) {
    throw new Error('the push is off');
  }
  const reader = new PushReader(configuration.temporality);
  feedReaders(
    [reader],
    resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 7 }),
    context.source,
    '1.2.3',
  );
  const outlet = openOtlpPush({ context, configuration, reader, onError: (error) => errors.push(error) });
  opened.push(outlet);
  return { outlet, context, errors };
}

describe.each(['http/protobuf', 'http/json'])('%s', (protocol) => {
  test('brings every kind of metric to the collector, with the resource', async () => {
    const { outlet, context } = push({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    const attributes = { 'nodejs.eventloop.state': 'active', thread: 'main' };
    context.source.set('nodejs.eventloop.time', 12.5, attributes);
    context.source.set('loopscope.eventloop.iterations', 2 ** 40, { thread: 'main' });
    context.source.set('loopscope.eventloop.stall.active', 0);
    context.source.record('loopscope.eventloop.stall.duration', 0.3, { phase: 'running' });
    await outlet.flush();
    const { resource, metrics } = collector.requests[0]?.metrics() ?? {};
    expect(resource).toEqual({ 'service.name': 'shop', 'process.pid': 7 });
    expect(metrics?.get('process.uptime')).toEqual({
      name: 'process.uptime',
      unit: 's',
      kind: 'gauge',
      temporality: 0,
      monotonic: false,
      points: [{ attributes: {}, value: 1 }],
    });
    expect(metrics?.get('nodejs.eventloop.time')).toMatchObject({
      kind: 'sum',
      temporality: 2,
      monotonic: true,
      points: [{ attributes, value: 12.5 }],
    });
    expect(metrics?.get('loopscope.eventloop.iterations')?.points[0]?.value).toBe(2 ** 40);
    expect(metrics?.get('loopscope.eventloop.stall.active')).toMatchObject({
      kind: 'sum',
      monotonic: false,
      points: [{ value: 0 }],
    });
    expect(metrics?.get('loopscope.eventloop.stall.duration')).toMatchObject({
      kind: 'histogram',
      temporality: 2,
      points: [
        {
          attributes: { phase: 'running' },
          count: 1,
          sum: 0.3,
          bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
          buckets: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        },
      ],
    });
    expect([context.said, context.source.mishaps]).toEqual([[], []]);
  });

  test('counts the points that the collector rejects', async () => {
    const { outlet, context } = push({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    const message = 'too\u001b[31m old';
    const json = JSON.stringify({ partialSuccess: { rejectedDataPoints: '3', errorMessage: message } });
    const partial = Buffer.concat([Buffer.from([8, 3, 18, message.length]), Buffer.from(message)]);
    const body =
      protocol === 'http/json' ? json : Buffer.concat([Buffer.from([10, partial.length]), partial]);
    collector.reactions = [(response) => response.writeHead(200).end(body)];
    await outlet.flush();
    await outlet.flush();
    const dropped = { kind: 'dropped', exporter: 'otlp', items: 3 };
    expect(context.source.mishaps).toEqual([dropped, dropped]);
    expect(context.said).toEqual([
      `the collector at ${collector.url} took the metrics but for 3 data points: "too\\u001b[31m old"`,
    ]);
  });

  test.each(['', '{}', '<html>', '\u0000\u00ff\u00ff'])('takes %j for an answer of success', async (body) => {
    const { outlet, context } = push({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    collector.reactions = [answer(200, body)];
    await outlet.flush();
    expect([context.said, context.source.mishaps]).toEqual([[], []]);
  });
});

describe('temporality', () => {
  async function temporalities(preference: string): Promise<Record<string, unknown>> {
    const { outlet, context } = push({ OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference });
    const { source } = context;
    source.set('loopscope.eventloop.iterations', 10);
    source.set('loopscope.eventloop.stall.active', 1);
    source.record('v8js.gc.duration', 1);
    await outlet.flush();
    source.set('loopscope.eventloop.iterations', 15);
    source.set('loopscope.eventloop.stall.active', 3);
    source.record('v8js.gc.duration', 1);
    await outlet.flush();
    const metrics = collector.requests[1]?.metrics().metrics;
    const point = (name: string): unknown => {
      const { temporality, points } = metrics?.get(name) ?? {};
      return [temporality, points?.[0]?.value ?? points?.[0]?.count];
    };
    return {
      counter: point('loopscope.eventloop.iterations'),
      upDownCounter: point('loopscope.eventloop.stall.active'),
      histogram: point('v8js.gc.duration'),
    };
  }

  test.each([
    ['cumulative', { counter: [2, 15], upDownCounter: [2, 3], histogram: [2, 2] }],
    ['delta', { counter: [1, 5], upDownCounter: [2, 3], histogram: [1, 1] }],
    ['lowmemory', { counter: [2, 15], upDownCounter: [2, 3], histogram: [1, 1] }],
  ])('%s is as the specification says', async (preference, expected) => {
    expect(await temporalities(preference)).toEqual(expected);
  });
});

describe('at the interval', () => {
  test('metrics are pushed again and again', async () => {
    const { context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '5' });
    await collector.received(3);
    context.source.set('process.uptime', 2);
    const latest = (): unknown =>
      collector.requests.at(-1)?.metrics().metrics.get('process.uptime')?.points[0]?.value;
    await waitUntil(() => latest() === 2, 'the new value arrives');
  });

  test('a tick that comes due during an export is skipped, and nothing is collected for it', async () => {
    const { context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '1' });
    let release: () => void = () => {};
    collector.reactions = [(response) => (release = () => response.end()), accept];
    await collector.received(1);
    const collected = context.source.observed;
    await ticks(20, 1);
    expect([collector.requests.length, context.source.observed]).toEqual([1, collected]);
    release();
    await collector.received(2);
  });

  test('a collector that was away is pushed to again, and each failure is counted but said once', async () => {
    const { context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '5' });
    collector.reactions = [answer(500), answer(500), answer(404), accept];
    await collector.received(5);
    expect(context.said).toEqual([
      `metrics can't be pushed to ${collector.url}: HTTP 500; it is tried again at each interval`,
      `metrics can't be pushed to ${collector.url}: HTTP 404; it is tried again at each interval`,
    ]);
    const failed = { kind: 'export_failed', exporter: 'otlp' };
    const dropped = { kind: 'dropped', exporter: 'otlp', items: 1 };
    expect(context.source.mishaps).toEqual([failed, dropped, failed, dropped, failed, dropped]);
    expect(context.debugged).toContain('metrics reach the collector again');
  });

  test('a collector that asks for quiet is left in quiet, also by a flush', async () => {
    const { outlet, context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '1', OTEL_EXPORTER_OTLP_TIMEOUT: '500' });
    collector.reactions = [answer(429, '', { 'retry-after': '3600' }), accept];
    await waitUntil(() => context.said.length > 0, 'the failure is said');
    await outlet.flush();
    await ticks(20, 1);
    expect(collector.requests).toHaveLength(1);
    expect(context.said[0]).toContain('HTTP 429');
  });
});

describe('a retry', () => {
  test('comes after the time that the collector asked for, with the same data', async () => {
    const { context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '50' });
    collector.reactions = [answer(503, '', { 'retry-after': '1' }), accept];
    await collector.received(1);
    context.source.set('process.uptime', 2);
    await collector.received(2);
    const [first, second] = collector.requests;
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    expect(context.source.mishaps).toEqual([]);
  });

  test('is cut off by a flush, which then exports once', async () => {
    const { outlet, context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '5' });
    collector.reactions = [answer(503, '', { 'retry-after': '5' }), accept];
    await collector.received(1);
    context.source.set('process.uptime', 2);
    const flushed = outlet.flush();
    await waitUntil(() => context.said.length > 0, 'the export is given up');
    await flushed;
    expect(collector.requests).toHaveLength(1);
    expect(context.source.mishaps).toHaveLength(2);
  });
});

describe('flush', () => {
  test('waits for the export under way, then sends what is newer', async () => {
    const { outlet, context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '1' });
    let release: () => void = () => {};
    collector.reactions = [(response) => (release = () => response.end()), accept];
    await collector.received(1);
    context.source.set('process.uptime', 2);
    const flushed = outlet.flush();
    release();
    await flushed;
    expect(collector.requests[1]?.metrics().metrics.get('process.uptime')?.points[0]?.value).toBe(2);
  });

  test('tries once, whatever could be retried', async () => {
    const { outlet, context } = push();
    collector.reactions = [answer(503)];
    await outlet.flush();
    expect(collector.requests).toHaveLength(1);
    expect(context.said).toHaveLength(1);
  });

  test('is one for all who call it meanwhile', async () => {
    const { outlet } = push();
    await Promise.all([outlet.flush(), outlet.flush(), outlet.flush()]);
    expect(collector.requests).toHaveLength(1);
  });

  test('sends nothing where there is nothing', async () => {
    const { outlet, context } = push();
    context.source.readings.clear();
    await outlet.flush();
    expect(collector.requests).toHaveLength(0);
  });

  test('survives a source that throws, and tells of it', async () => {
    const { outlet, context, errors } = push();
    context.source.failure = new Error('probe broke');
    await outlet.flush();
    expect(errors).toEqual([context.source.failure]);
  });
});

describe('stop', () => {
  test('ends an export that hangs, at once and without a word', async () => {
    const { outlet, context } = push();
    collector.reactions = [() => {}];
    const flushed = outlet.flush();
    await collector.received(1);
    await outlet.stop();
    await flushed;
    await waitUntil(() => collector.openConnections === 0, 'the connection is closed');
    expect([context.said, context.source.mishaps]).toEqual([[], []]);
  });

  test('ends a wait between retries', async () => {
    const { outlet } = push({ OTEL_METRIC_EXPORT_INTERVAL: '1' });
    collector.reactions = [answer(503, '', { 'retry-after': '9' })];
    await collector.received(1);
    await outlet.stop();
    expect(collector.requests).toHaveLength(1);
  });

  test('is final: nothing is pushed or flushed afterwards, and it may come twice', async () => {
    const { outlet, context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '1' });
    await collector.received(1);
    await outlet.stop();
    await outlet.stop();
    const { observed } = context.source;
    await outlet.flush();
    await ticks(10, 1);
    expect(context.source.observed).toBe(observed);
  });
});

describe('what is said of a failure', () => {
  test('holds no secret of the URL or the headers', async () => {
    const { outlet, context } = push({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url.replace('//', '//user:secret@')}/secret?key=secret`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
    });
    collector.reactions = [answer(401)];
    await outlet.flush();
    expect(context.said).toEqual([
      `metrics can't be pushed to ${collector.url}: HTTP 401; it is tried again at each interval`,
    ]);
    expect(context.debugged.join()).not.toContain('secret');
  });

  test('explains a refused connection', async () => {
    const { url } = collector;
    const { outlet, context } = push();
    await collector.close();
    await outlet.flush();
    expect(context.said).toEqual([
      `metrics can't be pushed to ${url}: nothing listens there (ECONNREFUSED); it is tried again at each interval`,
    ]);
  });
});
