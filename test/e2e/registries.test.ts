// Loopscope's metrics in an application's own registry: both packages, both formats, scraped by a real
// Prometheus and asked what dashboards for prom-client ask.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingPrograms, prometheusProgram } from '../../grafana/stack/programs.ts';
import { PrometheusServer } from '../../grafana/stack/prometheus-server.ts';
import { type App, startApp } from '../harness/app.ts';
import { appFile } from '../harness/apps.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

const packages = ['prom-client', '@prometheus-io/client'] as const;

interface Served {
  readonly app: App;
  readonly plain: string;
  readonly open: string;
}

async function startRegistry(
  node: (typeof supportedNodes)[number],
  library: string,
  ...flags: string[]
): Promise<Served> {
  const app = await startApp({ node, args: [appFile('registries/app.mjs'), library, ...flags] });
  const [, plain, open] = await app.printed(/^ports (\d+) (\d+)$/m);
  return { app, plain: `127.0.0.1:${plain}`, open: `127.0.0.1:${open}` };
}

const stallCount = 'loopscope_eventloop_stall_duration_seconds_count';
const stallSum = 'loopscope_eventloop_stall_duration_seconds_sum';

/** What has ended and is in the present scrape can't change any more. */
const settled = [
  stallCount,
  stallSum,
  'loopscope_agent_starts_total',
  'loopscope_eventloop_stall_time_seconds_total',
];

describe.each(supportedNodes)('on Node $name', (node) => {
  describe.each(packages)('a registry of %s', (library) => {
    test('shows what the endpoint shows, beside its own, until the undo', async () => {
      const { app, plain } = await startRegistry(node, library);
      await using _ = app;
      app.tell('block');
      await until('the stall is counted', async () => ((await scrape(app.url)).sum(stallSum) ?? 0) > 0.25);
      const [theirs, ours] = [await scrape(`http://${plain}`), await scrape(app.url)];
      for (const name of settled) {
        expect([name, theirs.sum(name)]).toEqual([name, ours.sum(name)]);
      }
      expect(theirs.sum('orders_total')).toBe(7);
      const names = (metrics: typeof ours): string[] =>
        [...new Set(metrics.samples.map(({ name }) => name))].sort();
      // A thread that is stalled no more has no age, and so on: what comes and goes is in neither or both.
      expect(names(theirs).filter((name) => name !== 'orders_total')).toEqual(
        names(ours).filter((name) => name !== 'target_info'),
      );
      app.tell('undo');
      expect((await app.printed(/^left (.*)$/m))[1]).toBe('orders_total');
      expect(await app.finish()).toMatchObject({ exitCode: 0 });
    });

    test('writes OpenMetrics with the trace of a stall', async () => {
      const { app, open } = await startRegistry(node, library);
      await using _ = app;
      app.tell('block');
      const [, trace] = await app.printed(/^trace (\w+)$/m);
      const text = await until('the stall is told', async () => {
        const answer = await (await fetch(`http://${open}`)).text();
        return answer.includes('# {') ? answer : undefined;
      });
      expect(text).toMatch(
        new RegExp(
          `^${stallSum.replace('_sum', '_bucket')}\\{.*\\} \\d+ # \\{trace_id="${trace}",span_id="\\w+"\\} 0\\.\\d+`,
          'm',
        ),
      );
      expect(text).toContain('# TYPE loopscope_agent_starts counter\n');
      expect(text).toMatch(/^loopscope_agent_starts_total 1$/m);
      expect(text.endsWith('# EOF\n')).toBe(true);
    });
  });

  test('names that the application collects itself stay its own, and are told', async () => {
    const { app, plain } = await startRegistry(node, 'prom-client', 'defaults', 'compat');
    await using _ = app;
    const text = await (await fetch(`http://${plain}`)).text();
    expect(text.match(/^process_cpu_seconds_total /gm)).toHaveLength(1);
    expect(text).toMatch(/^loopscope_agent_starts_total 1$/m);
    expect(app.stderr()).toMatch(
      /LOOPSCOPE_METRIC_TAKEN.*stay as they are: .*process_cpu_user_seconds_total/,
    );
  });
});

/**
 * What the public dashboards for prom-client ask: "NodeJS Application Dashboard" (11159) first, then what others
 * ask of the same metrics.
 */
const dashboardQueries = [
  'sum by (instance) (irate(process_cpu_user_seconds_total{instance=~"$instance"}[10s])) * 100',
  'irate(process_cpu_system_seconds_total{instance=~"$instance"}[10s]) * 100',
  'irate(process_cpu_seconds_total{instance=~"$instance"}[10s]) * 100',
  'nodejs_eventloop_lag_seconds{instance=~"$instance"}',
  'nodejs_version_info{instance=~"$instance"}',
  'sum(changes(process_start_time_seconds{instance=~"$instance"}[1m]))',
  'time() - process_start_time_seconds{instance=~"$instance"}',
  'process_resident_memory_bytes{instance=~"$instance"}',
  'nodejs_heap_size_total_bytes{instance=~"$instance"}',
  'nodejs_heap_size_used_bytes{instance=~"$instance"} / nodejs_heap_size_total_bytes{instance=~"$instance"}',
  'nodejs_external_memory_bytes{instance=~"$instance"}',
  'nodejs_active_handles_total{instance=~"$instance"}',
  'nodejs_active_requests_total{instance=~"$instance"}',
  'nodejs_heap_space_size_total_bytes{instance=~"$instance", space="new"}',
  'nodejs_heap_space_size_used_bytes{instance=~"$instance", space="old"}',
  'nodejs_heap_space_size_available_bytes{instance=~"$instance", space="old"}',
  'sum by (type) (nodejs_active_handles{instance=~"$instance"})',
  'nodejs_active_resources{instance=~"$instance"}',
  'nodejs_active_resources_total{instance=~"$instance"}',
  'nodejs_eventloop_lag_min_seconds{instance=~"$instance"}',
  'nodejs_eventloop_lag_max_seconds{instance=~"$instance"}',
  'nodejs_eventloop_lag_mean_seconds{instance=~"$instance"}',
  'nodejs_eventloop_lag_stddev_seconds{instance=~"$instance"}',
  'nodejs_eventloop_lag_p50_seconds{instance=~"$instance"}',
  'nodejs_eventloop_lag_p90_seconds{instance=~"$instance"}',
  'nodejs_eventloop_lag_p99_seconds{instance=~"$instance"}',
  'sum by (kind) (rate(nodejs_gc_duration_seconds_sum{instance=~"$instance"}[10s]))',
  'rate(nodejs_gc_duration_seconds_count{instance=~"$instance"}[10s])',
  'histogram_quantile(0.99, sum by (le, kind) (nodejs_gc_duration_seconds_bucket{instance=~"$instance"}))',
  'process_virtual_memory_bytes{instance=~"$instance"}',
  'process_heap_bytes{instance=~"$instance"}',
  'process_open_fds{instance=~"$instance"} / process_max_fds{instance=~"$instance"}',
];

const missing = missingPrograms([prometheusProgram]);

describe.skipIf(missing.length > 0)(
  `dashboards for prom-client${missing.length > 0 ? ` (${missing.join('; ')})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'loopscope-registries-'));
    let prometheus: PrometheusServer;
    let served: Served;
    let before: number;

    beforeAll(async () => {
      const [node] = supportedNodes;
      served = await startRegistry(node ?? expect.unreachable(), 'prom-client', 'compat');
      before = Date.now() / 1000;
      const { app, plain, open } = served;
      app.tell('block');
      prometheus = await PrometheusServer.start({ folder, targets: { plain: [plain], open: [open] } });
      await until(
        'both formats are scraped',
        async () => (await prometheus.query('count_over_time(up[1m]) >= 5 and up == 1')).length === 2,
        { capMs: 30_000 },
      );
    });

    afterAll(async () => {
      await prometheus?.[Symbol.asyncDispose]();
      await served?.app.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    test.each(dashboardQueries)('are answered: %s', async (query) => {
      for (const instance of [served.plain, served.open]) {
        const answer = await prometheus.query(query.replaceAll('$instance', instance));
        expect(answer.length).toBeGreaterThan(0);
        expect(answer.filter(({ value }) => Number.isNaN(Number(value?.[1])))).toEqual([]);
      }
    });

    test('with values that are right', async () => {
      const read = async (query: string): Promise<number> =>
        Number((await prometheus.query(`${query}{instance="${served.plain}"}`))[0]?.value?.[1]);
      const endpoint = await scrape(served.app.url);
      expect(await read('process_start_time_seconds')).toBeLessThanOrEqual(Math.ceil(before));
      expect(await read('process_start_time_seconds')).toBeGreaterThan(before - 60);
      expect(await read('process_max_fds')).toBe(endpoint.sum('loopscope_process_file_descriptor_limit'));
      // A stall of 300 ms lies in the last 15 s or some back: the lag is of that order or none, never negative.
      expect(await read('nodejs_eventloop_lag_max_seconds')).toBeGreaterThanOrEqual(0);
      const heap = await read('nodejs_heap_size_used_bytes');
      expect(heap).toBeGreaterThan(1e6);
      expect(heap).toBeLessThan(await read('nodejs_heap_size_total_bytes'));
      expect(await read('process_resident_memory_bytes')).toBeGreaterThan(heap);
    });
  },
);
