import type { Outlet } from '@loopscope/sdk/telemetry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Collector } from '../support/collector.ts';
import { answer, type OpenPush, openPush } from '../support/open-push.ts';
import { waitUntil } from '../support/wait-until.ts';

const opened: Outlet[] = [];
let collector: Collector;

beforeEach(async () => {
  collector = await Collector.open();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((outlet) => outlet.stop()));
  await collector.close();
});

function push(environment: Record<string, string> = {}): OpenPush {
  const push = openPush(collector, environment);
  opened.push(push.outlet);
  return push;
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
    const { context } = push({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_METRIC_EXPORT_INTERVAL: '5' });
    const message = 'too\u001b[31m old';
    const json = JSON.stringify({ partialSuccess: { rejectedDataPoints: '3', errorMessage: message } });
    const partial = Buffer.concat([Buffer.from([8, 3, 18, message.length]), Buffer.from(message)]);
    const body =
      protocol === 'http/json' ? json : Buffer.concat([Buffer.from([10, partial.length]), partial]);
    collector.reactions = [(response) => response.writeHead(200).end(body)];
    await waitUntil(() => context.source.mishaps.length >= 2, 'two exports');
    const dropped = { kind: 'dropped', exporter: 'otlp', items: 3 };
    expect(context.source.mishaps.slice(0, 2)).toEqual([dropped, dropped]);
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

describe('what is said of a failure', () => {
  const soon = { OTEL_METRIC_EXPORT_INTERVAL: '5' };

  test('holds no secret of the URL or the headers', async () => {
    const { context } = push({
      ...soon,
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url.replace('//', '//user:secret@')}/secret?key=secret`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
    });
    collector.reactions = [answer(401)];
    await waitUntil(() => context.debugged.length > 0, 'it fails for the second time');
    expect(context.said).toEqual([
      `metrics can't be pushed to ${collector.url}: HTTP 401; it is tried again at each interval`,
    ]);
    expect(context.debugged.join()).not.toContain('secret');
  });

  test('explains a refused connection', async () => {
    const { url } = collector;
    await collector.close();
    // Shorter than the first wait for a retry.
    const { context } = push({ ...soon, OTEL_EXPORTER_OTLP_TIMEOUT: '700' });
    await waitUntil(() => context.said.length > 0, 'the failure is said');
    expect(context.said).toEqual([
      `metrics can't be pushed to ${url}: nothing listens there (ECONNREFUSED); it is tried again at each interval`,
    ]);
  });

  test('is nothing at the end of a process, beyond what is counted', async () => {
    const { outlet, context } = push();
    collector.reactions = [answer(500)];
    await outlet.flush();
    expect([context.said.length, context.debugged.length, context.source.mishaps.length]).toEqual([0, 1, 2]);
  });
});
