// Applications that have OpenTelemetry's own SDK, 2.x on api 1.9 and 3.x on api 1.10: with Loopscope beside it they
// push the same as without, and with its instrumentation they push Loopscope's metrics and stalls too.
import { describe, expect, test } from 'vitest';
import { type App, startApp } from '../harness/app.ts';
import { appFile } from '../harness/apps.ts';
import { accepts, type Collector, startCollector } from '../harness/collector.ts';
import { type NodeRelease, supportedNodes } from '../harness/nodes.ts';
import { comparable, findAll, jsonBodies } from '../harness/otlp-json.ts';
import { byImport } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

const versions = [
  ['SDK 2.x on api 1.9', 'otel-2/app.mjs'],
  ['SDK 3.x on api 1.10', 'otel-3/app.mjs'],
] as const;

function environment(
  collector: Collector,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_METRIC_EXPORT_INTERVAL: '3600000',
    ...more,
  };
}

/** Runs it to its end, and gives what it has pushed. */
async function pushed(
  node: NodeRelease,
  file: string,
  { preloaded, args = [], env = {} }: { preloaded: boolean; args?: string[]; env?: Record<string, string> },
): Promise<readonly string[]> {
  await using collector = await startCollector(accepts);
  const ending = await run({
    node,
    args: [appFile(file), ...args],
    preload: preloaded ? byImport.ours : byImport.baseline,
    env: environment(collector, env),
    stdin: '',
  });
  expect(ending).toMatchObject({ exitCode: 0, stdout: 'active true\n' });
  return comparable(collector);
}

interface DataPoint {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly asInt?: number | string;
  readonly asDouble?: number;
  readonly sum?: number;
  readonly count?: number | string;
}

interface Metric {
  readonly name: string;
  readonly histogram?: { readonly dataPoints: readonly DataPoint[] };
  readonly sum?: { readonly dataPoints: readonly DataPoint[] };
}

async function startInstrumented(
  node: NodeRelease,
  file: string,
  collector: Collector,
  ...flags: string[]
): Promise<App> {
  const app = await startApp({
    node,
    args: [appFile(file), ...flags],
    env: environment(collector, {
      LOOPSCOPE_EXPORTERS: 'prometheus',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_METRIC_EXPORT_TIMEOUT: '500',
    }),
  });
  await app.printed(/active true/);
  return app;
}

describe.each(supportedNodes)('on Node $name', (node) => {
  describe.each(versions)('%s', (_, file) => {
    test('pushes the same with Loopscope, before it or after it, quiet or pushing too', async () => {
      const without = await pushed(node, file, { preloaded: false });
      expect(without.join()).toMatch(/"orders".*"payment"|"payment".*"orders"/s);
      const quiet = { LOOPSCOPE_EXPORTERS: 'prometheus' };
      expect(await pushed(node, file, { preloaded: true, env: quiet })).toEqual(without);
      expect(await pushed(node, file, { preloaded: true, env: { LOOPSCOPE_EXPORTERS: 'otlp' } })).toEqual(
        without,
      );
      expect(await pushed(node, file, { preloaded: false, args: ['late'], env: quiet })).toEqual(without);
    });

    test('pushes the metrics and stalls of Loopscope by its instrumentation', async () => {
      await using collector = await startCollector(accepts);
      await using app = await startInstrumented(node, file, collector, 'instrumentation');
      app.tell('block');
      const [, traceId, spanId] = await app.printed(/^blocked (\w+) (\w+)$/m);
      const stallSum = 'loopscope_eventloop_stall_duration_seconds_sum';
      await until('the stall is counted', async () => {
        const running = (await scrape(app.url)).sum(stallSum, { phase: 'running' });
        return running !== undefined && running > 0.25;
      });
      const shown = await scrape(app.url);
      const [sum = 0, count] = [shown.sum(stallSum), shown.sum(stallSum.replace('_sum', '_count'))];
      await until('the same sum is pushed', () => {
        const last = jsonBodies(collector, 'metrics')
          .flatMap((body) => findAll<Metric>(body, 'name', 'unit'))
          .findLast(({ name }) => name === 'loopscope.eventloop.stall.duration');
        const points = last?.histogram?.dataPoints ?? [];
        const total = points.reduce((all, point) => all + (point.sum ?? 0), 0);
        const counted = points.reduce((all, point) => all + Number(point.count), 0);
        return Math.abs(total - sum) < 1e-9 && counted === count;
      });
      expect((await app.finish()).exitCode).toBe(0);
      const metrics = jsonBodies(collector, 'metrics').flatMap((body) =>
        findAll<Metric>(body, 'name', 'unit'),
      );
      expect(metrics.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['orders', 'v8js.gc.duration', 'loopscope.eventloop.delay']),
      );
      const spans = jsonBodies(collector, 'traces').flatMap((body) =>
        findAll<Record<string, unknown>>(body, 'spanId', 'name'),
      );
      expect(spans.filter((span) => span['name'] === 'loopscope.eventloop.stall')).toMatchObject([
        { traceId, parentSpanId: spanId },
      ]);
      const logs = jsonBodies(collector, 'logs').flatMap((body) =>
        findAll<Record<string, unknown>>(body, 'eventName'),
      );
      expect(logs.filter((log) => log['traceId'] === traceId)).toMatchObject([
        { eventName: 'loopscope.eventloop.stall', spanId },
      ]);
    });

    test('is told of names that another instrumentation feeds too, and can leave them to it', async () => {
      await using collector = await startCollector(accepts);
      const both = await startInstrumented(node, file, collector, 'runtime-node', 'instrumentation');
      await until('it is told', () => both.stderr().includes('LOOPSCOPE_METRICS_TWICE'));
      expect(both.stderr().match(/LOOPSCOPE_METRICS_TWICE/g)).toHaveLength(1);
      await both.finish();
      const left = await startInstrumented(
        node,
        file,
        collector,
        'runtime-node',
        'instrumentation',
        'loopscope-names',
      );
      await until('it pushes', () => jsonBodies(collector, 'metrics').length > 0);
      expect((await left.finish()).stderr).not.toContain('TWICE');
    });
  });
});
