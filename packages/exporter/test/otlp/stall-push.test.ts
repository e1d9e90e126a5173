import type { Outlet, Stall } from '@loopscope/sdk/telemetry';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStallPush } from '../../src/otlp/stall-push.ts';
import { Collector, type ReceivedRequest } from '../support/collector.ts';
import { answer } from '../support/open-push.ts';
import { decodeLogs, decodeSpans, type ReceivedLog, type ReceivedSpan } from '../support/otlp-events.ts';
import { RecordingContext } from '../support/recording-context.ts';
import { stall } from '../support/stall.ts';
import { waitUntil } from '../support/wait-until.ts';

let collector: Collector;
let context: RecordingContext;
let outlet: Outlet | undefined;

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const startedAt = 1_700_000_000_000;
const frames = [
  { function: 'price', file: '/srv/src/orders.js', line: 7, column: 9, depth: 0, origin: 'application' },
  { function: '', file: 'node:internal/timers', line: 5, column: 3, depth: 1, origin: 'node' },
] as const;
const named: Partial<Stall> = {
  startedAt,
  durationMs: 412.5,
  span,
  cause: 'sync-io',
  evidence: { cpuMs: 2, waitMs: 0.5, sleepMs: 410, gcMs: 0, synchronousCall: 'node:fs readFileSync' },
  culprit: { function: 'price', file: '/srv/src/orders.js', line: 7, column: 9, late: false },
  fingerprint: '0123456789abcdef',
  request: { method: 'GET', route: '/orders/:id' },
  victims: { requests: 3, lostMs: 1237.5 },
  captures: [{ afterMs: 100, waitedMs: 1, late: false, frames: [...frames] }],
};
const closed = (): Stall => stall({ ...named, state: 'closed' });

beforeEach(async () => {
  collector = await Collector.open();
  context = new RecordingContext({ exporters: ['otlp'] });
});

afterEach(async () => {
  await outlet?.stop();
  await collector.close();
});

function open(environment: Readonly<Record<string, string>> = {}): Outlet | undefined {
  outlet = openStallPush({
    context,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...environment },
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    onError: (error) => expect.fail(String(error)),
  });
  return outlet;
}

function to(path: string): readonly ReceivedRequest[] {
  return collector.requests.filter((each) => each.path === path);
}

async function logs(count: number): Promise<readonly ReceivedLog[]> {
  const all = (): ReceivedLog[] => to('/v1/logs').flatMap(({ body }) => decodeLogs(body));
  await waitUntil(() => all().length >= count, `${count} log records`);
  return all();
}

async function spans(count: number): Promise<readonly ReceivedSpan[]> {
  const all = (): ReceivedSpan[] => to('/v1/traces').flatMap(({ body }) => decodeSpans(body));
  await waitUntil(() => all().length >= count, `${count} spans`);
  return all();
}

describe('a stall', () => {
  test('is a log event as it opens, at that moment, in the context that is blocked', async () => {
    open();
    context.source.tellStall('opened', stall({ ...named, durationMs: 100 }));
    const [log] = await logs(1);
    expect(log).toMatchObject({
      resource: { 'service.name': 'shop' },
      eventName: 'loopscope.eventloop.stall',
      unixMs: startedAt + 100,
      severity: 13,
      body: 'The event loop of main has been blocked for 100 ms by price (/srv/src/orders.js:7); cause: sync-io',
      traceId: span.traceId,
      spanId: span.spanId,
    });
    expect(log?.attributes).toMatchObject({
      'loopscope.stall.state': 'opened',
      'loopscope.stall.cause': 'sync-io',
      'loopscope.stall.duration': 0.1,
      'code.function.name': 'price',
      'code.file.path': '/srv/src/orders.js',
      'code.line.number': 7,
      'code.stacktrace': '    at price (/srv/src/orders.js:7:9)\n    at node:internal/timers:5:3',
      'http.request.method': 'GET',
      'http.route': '/orders/:id',
      'thread.name': 'main',
    });
    expect(to('/v1/traces')).toEqual([]);
  });

  test('is a log event again as it closes, with its evidence, and a span under the blocked one', async () => {
    open();
    context.source.tellStall('updated', stall(named));
    context.source.tellStall('closed', closed());
    const [log] = await logs(1);
    expect(log?.unixMs).toBe(startedAt + 412.5);
    expect(log?.attributes).toMatchObject({
      'loopscope.stall.state': 'closed',
      'loopscope.stall.evidence.cpu.time': 0.002,
      'loopscope.stall.evidence.sleep.time': 0.41,
      'loopscope.stall.evidence.synchronous_call': 'node:fs readFileSync',
      'loopscope.stall.requests': 3,
      'loopscope.stall.requests.time': 1.2375,
    });
    const [sent] = await spans(1);
    expect(sent).toMatchObject({
      resource: { 'service.name': 'shop' },
      name: 'loopscope.eventloop.stall',
      startMs: startedAt,
      endMs: startedAt + 412.5,
      traceId: span.traceId,
      parentSpanId: span.spanId,
      spanId: expect.stringMatching(/^(?!b{16})[\da-f]{16}$/),
    });
    expect(sent?.attributes['loopscope.stall.cause']).toBe('sync-io');
  });

  test('without a stack, a request and a span has none of their attributes', async () => {
    open();
    context.source.tellStall('opened', stall({}));
    const [log] = await logs(1);
    expect(log).toMatchObject({ traceId: '', spanId: '' });
    expect(Object.keys(log?.attributes ?? {}).join()).not.toMatch(/code|http|fingerprint|evidence/);
  });

  test('under a span that is not sampled is no span', async () => {
    open();
    context.source.tellStall('closed', { ...closed(), span: { ...span, sampled: false } });
    context.source.tellStall('closed', closed());
    expect(await spans(1)).toHaveLength(1);
  });

  test('that a debugger may have made is not told', async () => {
    open();
    context.source.tellStall('closed', { ...closed(), id: '1', inspectorOpen: true });
    context.source.tellStall('closed', { ...closed(), id: '2' });
    const told = await logs(1);
    expect(told.map(({ attributes }) => attributes['loopscope.stall.id'])).toEqual(['2']);
  });
});

describe('what OpenTelemetry’s variables ask for', () => {
  test.each([
    ['OTEL_LOGS_EXPORTER', '/v1/logs', '/v1/traces'],
    ['OTEL_TRACES_EXPORTER', '/v1/traces', '/v1/logs'],
  ])('%s=none turns its signal off, and only that', async (variable, off, on) => {
    open({ [variable]: 'none' });
    context.source.tellStall('closed', closed());
    await waitUntil(() => to(on).length > 0, on);
    await outlet?.flush();
    expect(to(off)).toEqual([]);
  });

  test('both off is no outlet', () => {
    expect(open({ OTEL_LOGS_EXPORTER: 'none', OTEL_TRACES_EXPORTER: 'console' })).toBeUndefined();
    expect(context.source.stallListeners).toBe(0);
  });

  test('a signal has its own endpoint, headers and protocol', async () => {
    open({
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${collector.url}/logs-go-here`,
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'x-key=of-logs',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=of-all',
    });
    context.source.tellStall('closed', closed());
    await collector.received(2);
    const [log] = to('/logs-go-here');
    const [trace] = to('/v1/traces');
    expect([log?.headers['content-type'], log?.headers['x-key']]).toEqual(['application/json', 'of-logs']);
    expect(trace?.headers['x-key']).toBe('of-all');
    const { resourceLogs } = JSON.parse(String(log?.body)) as {
      resourceLogs: { scopeLogs: { logRecords: { eventName: string; traceId: string }[] }[] }[];
    };
    expect(resourceLogs[0]?.scopeLogs[0]?.logRecords[0]).toMatchObject({
      eventName: 'loopscope.eventloop.stall',
      traceId: span.traceId,
    });
  });
});

describe('where the collector does not take them', () => {
  test('failures and what was given up are counted, and said once', async () => {
    collector.reactions = [answer(400)];
    open({ OTEL_TRACES_EXPORTER: 'none' });
    for (const id of ['1', '2']) {
      context.source.tellStall('closed', { ...closed(), id });
      await outlet?.flush();
    }
    expect(context.source.mishaps.filter(({ kind }) => kind === 'dropped')).toEqual([
      { kind: 'dropped', exporter: 'otlp', items: 1 },
      { kind: 'dropped', exporter: 'otlp', items: 1 },
    ]);
    const lines = [...context.said, ...context.debugged].filter((line) => line.includes('logs can'));
    expect(lines[0]).toMatch(/^logs can't be pushed to http:\/\/127\.0\.0\.1:\d+: HTTP 400/);
  });

  test('a queue that can’t be sent is bounded: the oldest are given up', async () => {
    let release = (): void => {};
    collector.reactions = [
      (response) => {
        release = () => response.writeHead(200).end();
      },
      answer(200),
    ];
    open({ OTEL_TRACES_EXPORTER: 'none' });
    for (let id = 0; id < 400; id += 1) {
      context.source.tellStall('closed', { ...closed(), id: String(id) });
      if (id === 0) {
        await collector.received(1);
      }
    }
    release();
    const told = await logs(257);
    expect(told).toHaveLength(257);
    expect(told[1]?.attributes['loopscope.stall.id']).toBe('144');
    expect(context.source.mishaps).toHaveLength(143);
  });

  test('a flush waits for what is under way, and an end for nobody', async () => {
    collector.reactions = [() => {}];
    open();
    context.source.tellStall('closed', closed());
    await collector.received(2);
    await outlet?.stop();
    expect(context.source.stallListeners).toBe(0);
  });
});
