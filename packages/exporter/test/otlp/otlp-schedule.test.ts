import type { Outlet } from '@loopscope/sdk/telemetry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNameLookup } from '../../src/resolver/name-lookup.ts';
import { accept, Collector, type ReceivedRequest } from '../support/collector.ts';
import { answer, type OpenPush, openPush } from '../support/open-push.ts';
import { ticks } from '../support/ticks.ts';
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

function uptimeOf(request: ReceivedRequest): number | undefined {
  return request.metrics().metrics.get('process.uptime')?.points[0]?.value;
}

describe('at the interval', () => {
  test('metrics are pushed again and again', async () => {
    const { context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '5' });
    await collector.received(3);
    context.source.set('process.uptime', 2);
    await waitUntil(() => collector.requests.slice(-1).map(uptimeOf)[0] === 2, 'the new value arrives');
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
    const { outlet, context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '1' });
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

  test('is cut off by a flush, which then exports once what is newer', async () => {
    const { outlet, context } = push({ OTEL_METRIC_EXPORT_INTERVAL: '5' });
    collector.reactions = [answer(503), accept];
    await collector.received(1);
    context.source.set('process.uptime', 2);
    await outlet.flush();
    // The first one is given up: it is not what comes second.
    expect(collector.requests.slice(0, 2).map(uptimeOf)).toEqual([1, 2]);
    expect(context.source.mishaps).toEqual([
      { kind: 'export_failed', exporter: 'otlp' },
      { kind: 'dropped', exporter: 'otlp', items: 1 },
    ]);
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
    expect(collector.requests.slice(1, 2).map(uptimeOf)).toEqual([2]);
  });

  test('tries once, whatever could be retried', async () => {
    const { outlet, context } = push();
    collector.reactions = [answer(503)];
    await outlet.flush();
    expect(collector.requests).toHaveLength(1);
    expect(context.source.mishaps).toHaveLength(2);
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

  test('closes the connection that was kept', async () => {
    const { outlet } = push();
    await outlet.flush();
    expect(collector.openConnections).toBe(1);
    await outlet.stop();
    await waitUntil(() => collector.openConnections === 0, 'the connection is closed');
  });

  test('ends a lookup under way', async () => {
    const asked: string[] = [];
    const names = createNameLookup();
    const cancelled = new Promise<void>((resolve) => {
      const silent = { lookup: (name: string) => void asked.push(name), cancel: () => resolve() };
      const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example' };
      opened.push(openPush(collector, variables, { ...names, ...silent }).outlet);
    });
    const [outlet] = opened;
    const flushed = outlet?.flush();
    await waitUntil(() => asked.length > 0, 'the name is looked up');
    await outlet?.stop();
    await Promise.all([cancelled, flushed]);
    expect(asked).toEqual(['collector.example']);
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
