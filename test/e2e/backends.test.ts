// One stall, told by every way out at once and read back from real backends: the same names and the same values,
// whichever way they went.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingPrograms, prometheusProgram, victoriaMetricsProgram } from '../../grafana/stack/programs.ts';
import type { Sample } from '../../grafana/stack/prometheus-api.ts';
import { PrometheusServer } from '../../grafana/stack/prometheus-server.ts';
import { type App, startApp } from '../harness/app.ts';
import { appFile } from '../harness/apps.ts';
import { type NodeRelease, supportedNodes } from '../harness/nodes.ts';
import { until } from '../harness/until.ts';
import { startVictoriaMetrics, type VictoriaMetrics } from '../harness/victoria-metrics.ts';

const missing = missingPrograms([prometheusProgram, victoriaMetricsProgram]);
const reason = missing.length > 0 ? ` (${missing.join('; ')})` : '';

const stallSeconds = 'loopscope_eventloop_stall_duration_seconds';
/** Of the one stall that is long: start-up may have others. */
const ofTheStall = 'phase="running"';

/** What can't change any more once the stall is over. */
const settled = [
  `sum(${stallSeconds}_count{${ofTheStall}})`,
  `sum(${stallSeconds}_sum{${ofTheStall}})`,
  `sum(${stallSeconds}_bucket{${ofTheStall},le="0.25"})`,
  `sum(${stallSeconds}_bucket{${ofTheStall},le="0.5"})`,
  `sum(${stallSeconds}_bucket{${ofTheStall},le="+Inf"})`,
  'sum(loopscope_agent_starts_total)',
  'sum(loopscope_eventloop_stall_time_seconds_total)',
  'sum(loopscope_agent_captures_total)',
  'sum(loopscope_eventloop_stall_culprit_time_seconds_total)',
];

interface Way {
  readonly name: string;
  /** Labels that its series have, and no others. */
  readonly selector: string;
  query(expr: string): Promise<readonly Sample[]>;
}

interface Line {
  readonly resource?: unknown;
  readonly logRecord?: Readonly<Record<string, unknown>>;
  readonly span?: Readonly<Record<string, unknown>>;
  readonly port?: number;
  readonly fault?: string;
}

/** The receiver of logs and spans, with what it has decoded. */
async function startReceiver(): Promise<{ url: string; lines: readonly Line[]; stop: () => void }> {
  const child = spawn(process.execPath, [appFile('otlp-receiver/receiver.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(JSON.parse(line) as Line));
  await once(reader, 'line');
  return { url: `http://127.0.0.1:${lines[0]?.port}`, lines, stop: () => child.kill() };
}

/** Bytes are Base64 in what the receiver prints. */
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

describe.skipIf(missing.length > 0).each(supportedNodes)(`on Node $name${reason}`, (node: NodeRelease) => {
  const folder = mkdtempSync(join(tmpdir(), 'loopscope-backends-'));
  let prometheus: PrometheusServer;
  let victoria: VictoriaMetrics;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let app: App;
  let traceId = '';
  let spanId = '';
  let ways: readonly Way[];

  beforeAll(async () => {
    [victoria, receiver] = await Promise.all([startVictoriaMetrics(folder), startReceiver()]);
    app = await startApp({
      node,
      args: [appFile('otel-3/every-way.mjs')],
      env: {
        LOOPSCOPE_EXPORTERS: 'prometheus,otlp',
        OTEL_SERVICE_NAME: 'agent',
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: victoria.otlpUrl,
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${receiver.url}/v1/logs`,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`,
        OTEL_METRIC_EXPORT_INTERVAL: '500',
        OTEL_METRIC_EXPORT_TIMEOUT: '500',
      },
    });
    const [, plain, open] = await app.printed(/^ports (\d+) (\d+)$/m);
    const targets = {
      endpoint: new URL(app.url).host,
      'registry-plain': `127.0.0.1:${plain}`,
      'registry-open': `127.0.0.1:${open}`,
    };
    victoria.scrape(targets);
    prometheus = await PrometheusServer.start({
      folder,
      targets: Object.fromEntries(Object.entries(targets).map(([job, target]) => [job, [target]])),
    });
    const scraped = (name: string, query: Way['query']): readonly Way[] =>
      Object.keys(targets).map((job) => ({ name: `${name} ${job}`, selector: `job="${job}"`, query }));
    ways = [
      ...scraped('Prometheus, which asks for OpenMetrics, of', (expr) => prometheus.query(expr)),
      ...scraped('VictoriaMetrics, which asks for plain text, of', victoria.query),
      { name: 'the push of the agent', selector: 'service_name="agent"', query: victoria.query },
      { name: 'the push of its own SDK', selector: 'service_name="own-sdk"', query: victoria.query },
    ];
    app.tell('block');
    [, traceId = '', spanId = ''] = await app.printed(/^blocked (\w+) (\w+)$/m);
    await until(
      'the stall is everywhere',
      async () => {
        const sums = await Promise.all(ways.map((way) => ask(way, settled[1] ?? '')));
        return sums.every((sum) => sum !== undefined && sum > 0.25);
      },
      { capMs: 30_000 },
    );
  }, 60_000);

  afterAll(async () => {
    await app?.kill();
    receiver?.stop();
    await prometheus?.[Symbol.asyncDispose]();
    await victoria?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The one value of a sum over what went this way. */
  async function ask({ selector, query }: Way, sum: string): Promise<number | undefined> {
    const narrowed = sum.includes('{')
      ? sum.replace('{', `{${selector},`)
      : sum.replace(')', `{${selector}})`);
    const value = (await query(narrowed))[0]?.value?.[1];
    return value === undefined ? undefined : Number(value);
  }

  async function namesOf({ selector, query }: Way): Promise<readonly string[]> {
    const found = await query(`count by (__name__) ({${selector}})`);
    return found
      .map(({ metric }) => metric['__name__'] ?? '')
      .filter((name) => /^(loopscope|nodejs|v8js|process)_/.test(name))
      .sort();
  }

  test.each(settled)('%s is the same by every way', async (sum) => {
    let values: readonly (readonly [way: string, value: number | undefined])[] = [];
    // What is pushed each half second and scraped each second agrees once nothing has changed for so long.
    await until(
      'all agree',
      async () => {
        values = await Promise.all(ways.map(async (way) => [way.name, await ask(way, sum)] as const));
        const [, first = Number.NaN] = values[0] ?? [];
        return values.every(([, value]) => value !== undefined && Math.abs(value - first) < 1e-9);
      },
      { capMs: 10_000 },
    ).catch(() => expect.fail(`they differ: ${JSON.stringify(values)}`));
  });

  test('names are the same by every way', async () => {
    const [first = [], ...others] = await Promise.all(
      ways.map(async (way) => ({ name: way.name, names: await namesOf(way) })),
    ).then((found) => found.map(({ name, names }) => [name, names] as const));
    expect(first[1]?.length).toBeGreaterThan(60);
    for (const [name, names] of others) {
      expect([name, names]).toEqual([name, first[1]]);
    }
  });

  test('labels of a series are the same by every way', async () => {
    const labels = async ({ selector, query }: Way): Promise<unknown> => {
      const found = await query(`count by (cause, phase, thread) (${stallSeconds}_count{${selector}})`);
      return found.map(({ metric }) => JSON.stringify(metric, Object.keys(metric).sort())).sort();
    };
    const [first, ...others] = await Promise.all(ways.map(labels));
    expect(first).not.toEqual([]);
    for (const other of others) {
      expect(other).toEqual(first);
    }
  });

  test.each(['endpoint', 'registry-open'])('the trace of the stall is an exemplar of the %s', async (job) => {
    const now = Date.now() / 1000;
    const found = await prometheus.exemplars(`${stallSeconds}_bucket{job="${job}"}`, now - 120, now);
    expect(found).toContainEqual({ trace_id: traceId, span_id: spanId });
  });

  test('the stall is a log record and a span to a receiver of the official protobuf', async () => {
    const context = { traceId: base64(traceId) };
    await until('all have come', () => {
      const spans = receiver.lines.filter(({ span }) => span?.['name'] === 'loopscope.eventloop.stall');
      return spans.length === 2;
    });
    expect(receiver.lines.filter(({ fault }) => fault !== undefined)).toEqual([]);
    const spans = receiver.lines.map(({ span }) => span ?? {});
    for (const span of spans.filter((each) => each['name'] === 'loopscope.eventloop.stall')) {
      expect(span).toMatchObject({ ...context, parentSpanId: base64(spanId) });
    }
    const records = receiver.lines.map(({ logRecord }) => logRecord ?? {});
    const told = records.filter(
      (record) =>
        record['eventName'] === 'loopscope.eventloop.stall' && record['traceId'] === context.traceId,
    );
    expect(told.length).toBeGreaterThanOrEqual(3);
    for (const record of told) {
      expect(record).toMatchObject({ spanId: base64(spanId), severityNumber: 'SEVERITY_NUMBER_WARN' });
    }
  });
});
