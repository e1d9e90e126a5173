// Not one garbage collection is lost: over a thousand of them, in bursts longer than what is gathered
// before it is sent, the counts are those of an observer beside it. Also those just before the exit.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byImport } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

type Counts = Readonly<Record<string, number>>;

interface PushedMetric {
  readonly name: string;
  readonly histogram?: {
    readonly dataPoints: readonly {
      readonly count: number | string;
      readonly attributes: readonly {
        readonly key: string;
        readonly value: { readonly stringValue?: string };
      }[];
    }[];
  };
}

const kinds = ['minor', 'major', 'incremental', 'weakcb'];
const args = ['--expose-gc', fixture('gc/collects.mjs')];
const preload = byImport.baseline;

/** What the program's own observer saw, as it told last. */
function lastTold(stdout: string): Counts {
  return JSON.parse([...stdout.matchAll(/^collected (.*)$/gm)].at(-1)?.[1] ?? '{}') as Counts;
}

/** A collector that keeps the collections it was last told of. */
async function gcCollector(): Promise<AsyncDisposable & { url: string; counts: () => Counts }> {
  let counts: Counts = {};
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      counts = countsIn(body) ?? counts;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => counts,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function countsIn(body: string): Counts | undefined {
  const { resourceMetrics = [] } = JSON.parse(body) as {
    resourceMetrics?: { scopeMetrics: { metrics: PushedMetric[] }[] }[];
  };
  const metric = resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .find(({ name }) => name === 'v8js.gc.duration');
  return (
    metric?.histogram &&
    Object.fromEntries(
      metric.histogram.dataPoints.map(({ count, attributes }) => [
        attributes.find(({ key }) => key === 'v8js.gc.type')?.value.stringValue,
        Number(count),
      ]),
    )
  );
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test('a thousand collections are all in a scrape', async () => {
    await using app = await startApp({ node, args, preload });
    await app.printed(/ready/);
    await until('the counts are the same', async () => {
      app.tell('how many?');
      const metrics = await scrape(app.url);
      const told = lastTold(app.stdout());
      const counted = Object.fromEntries(
        kinds.map((kind) => [
          kind,
          metrics.sum('v8js_gc_duration_seconds_count', { v8js_gc_type: kind }) ?? 0,
        ]),
      );
      expect(counted).toEqual(told);
      expect(total(told)).toBeGreaterThan(1000);
      return true;
    });
    // The share is over a window that the first sample opens, a second after the start.
    await until(
      'their share is told',
      async () => ((await scrape(app.url)).sum('loopscope_gc_utilization_ratio') ?? 0) > 0,
    );
  });

  test('those before the exit are in the last push', async () => {
    await using collector = await gcCollector();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      LOOPSCOPE_EXIT_FLUSH_MS: '5000',
    };
    const { stdout, exitCode } = await run({ node, args: [...args, 'exit'], preload, env });
    expect(exitCode).toBe(0);
    const told = lastTold(stdout);
    expect(total(told)).toBeGreaterThan(1000);
    expect({ incremental: 0, weakcb: 0, ...collector.counts() }).toEqual(told);
  });
});
