import { once } from 'node:events';
import type { Outlet } from '@loopscope/sdk/telemetry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutletFactories, openOutlets } from '../src/index.ts';
import { Collector } from './support/collector.ts';
import { parsePrometheusText } from './support/prometheus-text.ts';
import { open, readAll, request } from './support/raw-client.ts';
import { RecordingContext } from './support/recording-context.ts';
import { waitUntil } from './support/wait-until.ts';

let collector: Collector;
let outlet: Outlet | undefined;

beforeEach(async () => {
  collector = await Collector.open();
});

afterEach(async () => {
  await outlet?.stop();
  outlet = undefined;
  await collector.close();
});

const environment = (): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_METRIC_EXPORT_INTERVAL: '3600000',
  OTEL_SERVICE_NAME: 'shop',
});

async function scrape(context: RecordingContext): Promise<ReturnType<typeof parsePrometheusText>> {
  await waitUntil(() => context.urls.length > 0, 'the endpoint listens');
  return parsePrometheusText(await (await fetch(`${context.urls[0]}/metrics`)).text());
}

describe('both ways out', () => {
  test('show the same instance with the same values', async () => {
    const context = new RecordingContext({ exporters: ['prometheus', 'otlp'] });
    context.source.set('loopscope.eventloop.iterations', 42, { thread: 'main' });
    outlet = openOutlets(context, environment());
    expect(outlet?.name).toBe('prometheus+otlp+otlp-stalls');
    const families = await scrape(context);
    await outlet?.flush();
    const { resource, metrics } = collector.requests[0]?.metrics() ?? {};
    const [info] = families.get('target_info')?.samples.get('target_info') ?? [];
    expect(info?.labels['service_name']).toBe('shop');
    expect(info?.labels['service_instance_id']).toBe(resource?.['service.instance.id']);
    const name = 'loopscope_eventloop_iterations_total';
    expect(families.get(name)?.samples.get(name)).toEqual([{ labels: { thread: 'main' }, value: 42 }]);
    expect(metrics?.get('loopscope.eventloop.iterations')?.points).toEqual([
      { attributes: { thread: 'main' }, value: 42 },
    ]);
  });

  test('end together, and let go of the source', async () => {
    const context = new RecordingContext({ exporters: ['prometheus', 'otlp'] });
    outlet = openOutlets(context, environment());
    await waitUntil(() => context.urls.length > 0, 'the endpoint listens');
    expect(context.source.recordListeners).toBe(1);
    await outlet?.stop();
    await outlet?.stop();
    expect(context.source.recordListeners).toBe(0);
    await expect(fetch(`${context.urls[0]}/livez`)).rejects.toThrow();
  });
});

test('scrapes that arrive in one turn of the loop share one collection, also over many connections', async () => {
  const context = new RecordingContext();
  context.source.set('process.uptime', 1);
  outlet = openOutlets(context, {});
  await waitUntil(() => context.urls.length > 0, 'the endpoint listens');
  const sockets = Array.from({ length: 10 }, () => open(context.urls[0] as string));
  // Accepted for certain: each has been answered once.
  for (const socket of sockets) {
    socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
  }
  for (const socket of sockets) {
    socket.write(request('GET /metrics HTTP/1.1'));
  }
  const answers = await Promise.all(sockets.map(readAll));
  expect(answers.map(({ statuses }) => statuses)).toEqual(sockets.map(() => [200]));
  expect(context.source.observed).toBe(1);
});

describe('the options', () => {
  test('choose the ways out', async () => {
    const context = new RecordingContext({ exporters: ['otlp'] });
    outlet = openOutlets(context, environment());
    expect(outlet?.name).toBe('otlp+otlp-stalls');
  });

  test('of none leave what the application itself collects', async () => {
    const context = new RecordingContext({ exporters: [] });
    context.source.set('process.uptime', 7);
    outlet = openOutlets(context, {});
    expect(outlet.name).toBe('');
    expect(await outlet.collect?.('text')).toMatch(/^process_uptime_seconds 7$/m);
    expect((await outlet.collect?.('snapshot'))?.metrics).toMatchObject([
      { name: 'process.uptime', points: [{ value: 7 }] },
    ]);
  });

  test('that ask for what is off leave nothing behind but what the application may collect', async () => {
    const context = new RecordingContext({ exporters: ['otlp'] });
    outlet = openOutlets(context, { ...environment(), OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    expect(outlet.name).toBe('');
    expect(context.source.stallListeners).toBe(1);
    await outlet.stop();
    expect(context.source.stallListeners).toBe(0);
  });

  test('reach the agent by factories', async () => {
    const context = new RecordingContext();
    context.source.set('process.uptime', 1);
    [outlet] = createOutletFactories(() => expect.fail('no file is named')).map((make) => make(context));
    expect(outlet?.name).toBe('prometheus');
    expect((await scrape(context)).has('target_info')).toBe(true);
  });
});

test('a failure in opening is contained, counted and said', () => {
  const context = new RecordingContext();
  const broken = new Error('out of order');
  context.source.onRecord = () => {
    throw broken;
  };
  outlet = openOutlets(context, {});
  expect(context.source.mishaps).toEqual([{ kind: 'export_failed', exporter: 'metrics' }]);
  expect(context.said).toEqual(['metrics could not be started: out of order']);
});
