// Every query of every dashboard and rule, asked of a real Prometheus that has scraped the demo under all
// of its faults with everything switched on; and how many series an instance has at default settings.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annotationQueriesOf, fill, queriesOf } from '../../grafana/queries.ts';
import { prometheusRules, prometheusRulesText } from '../../grafana/rules/prometheus-rules.ts';
import { AlertmanagerServer } from '../../grafana/stack/alertmanager-server.ts';
import { alertmanagerProgram, missingPrograms, prometheusProgram } from '../../grafana/stack/programs.ts';
import { PrometheusServer } from '../../grafana/stack/prometheus-server.ts';
import { dashboards } from '../../grafana/test/support.ts';
import { faults } from '../../packages/demo-app/src/faults/index.ts';
import { type Service, startService } from '../../packages/demo-app/src/runner/service.ts';
import { until } from '../harness/until.ts';

const missing = missingPrograms([prometheusProgram, alertmanagerProgram]);
const mostSeries = 350;

/** Settings that fill what default settings leave empty. */
const everythingOn = (alertmanagerUrl: string): Readonly<Record<string, string>> => ({
  LOOPSCOPE_TASKS: 'counts',
  LOOPSCOPE_LEAK_WINDOW_MS: '1000',
  LOOPSCOPE_ALERTMANAGER_URL: alertmanagerUrl,
  LOOPSCOPE_ALERTS: JSON.stringify([
    { name: 'AgentSaysBlocked', stall: 'durationMs', operator: '>=', value: 150 },
  ]),
  // Nobody listens there: exports fail, and what they held is given up.
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:9/v1/metrics',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '500',
});

async function withEnvironment<T>(
  variables: Readonly<Record<string, string>>,
  start: () => Promise<T>,
): Promise<T> {
  try {
    Object.assign(process.env, variables);
    return await start();
  } finally {
    for (const name of Object.keys(variables)) {
      delete process.env[name];
    }
  }
}

/** What stays empty on some machines, or in a process that lives for a minute; each with its reason. */
const mayBeEmpty: readonly (readonly [RegExp, string])[] = [
  [/^loopscope_cgroup_/, 'no control group with a limit'],
  [/^loopscope_pressure_/, 'a kernel without pressure stall information'],
  [/^loopscope_leak_suspected$/, 'what is suspected depends on when garbage is collected'],
];

describe.skipIf(missing.length > 0)(
  `the demo's metrics${missing.length > 0 ? ` (${missing.join('; ')})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'loopscope-queries-'));
    const end = new AbortController();
    let prometheus: PrometheusServer;
    let alertmanager: AlertmanagerServer;
    let plain: Service;
    let full: Service;
    let asked: number;

    beforeAll(async () => {
      alertmanager = await AlertmanagerServer.start(folder);
      plain = await startService({ once: true, onLine: () => {} }, end.signal);
      full = await withEnvironment(everythingOn(alertmanager.url), () =>
        startService({ once: true, onLine: () => {} }, end.signal),
      );
      prometheus = await PrometheusServer.start({
        folder,
        rules: prometheusRulesText({ timeScale: 60 }),
        targets: { plain: [new URL(plain.agentUrl).host], full: [new URL(full.agentUrl).host] },
      });
      await until('both are scraped', async () => (await prometheus.query('up == 1')).length === 2);
      for (const fault of faults) {
        await Promise.all(
          [plain, full].map(async ({ url }) => {
            await (await fetch(`${url}${fault.path}?ms=200`)).arrayBuffer();
          }),
        );
      }
      const scrapes = async (): Promise<number> => {
        const [sample] = await prometheus.query('count_over_time(up{job="full"}[10m])');
        return Number(sample?.value?.[1]);
      };
      const before = await scrapes();
      await until('what the last fault did is scraped', async () => (await scrapes()) >= before + 4);
      await until(
        'the rules have been evaluated',
        async () =>
          (await prometheus.query('job:loopscope_eventloop_delay_seconds:p99_rate5m{job="full"}')).length > 0,
      );
      asked = Math.floor(Date.now() / 1000);
    }, 120_000);

    afterAll(async () => {
      end.abort();
      await Promise.all([plain?.child.stop(), full?.child.stop()]);
      await prometheus?.[Symbol.asyncDispose]();
      await alertmanager?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    /** The selectors of a query, each as a query of its own. */
    function selectorsOf(expr: string): readonly string[] {
      const selectors = new Set<string>();
      parser.parse(expr).iterate({
        enter: ({ name, from, to }) => {
          if (name === 'VectorSelector') {
            selectors.add(expr.slice(from, to));
          }
        },
      });
      return [...selectors];
    }

    async function isExcused(expr: string): Promise<boolean> {
      for (const selector of selectorsOf(expr)) {
        if (mayBeEmpty.some(([pattern]) => pattern.test(selector.replace(/\{.*/, '')))) {
          const samples = await prometheus.query(selector, asked);
          // A control group without a limit counts no period.
          if (samples.every(({ value }) => value?.[1] === '0')) {
            return true;
          }
        }
      }
      return false;
    }

    const queries = dashboards.flatMap((dashboard) =>
      queriesOf(dashboard).map((query) => [`${query.where} ${query.refId}`, query] as const),
    );

    test.each(queries)('answer %s', async (where, { expr, instant }) => {
      const filled = fill(expr, { rangeSeconds: 60, rateIntervalSeconds: 20, job: 'full' });
      // Only a sick agent has been started twice; its selector is asked all the same.
      const query = where.startsWith('Loopscope / Agent: Agents that were restarted')
        ? filled.replace(' > 1', '')
        : filled;
      const answer = instant
        ? await prometheus.query(query, asked)
        : await prometheus.queryRange(query, asked - 60, asked, 2);
      const values = answer.flatMap(({ value, values: several = [] }) => [
        ...(value === undefined ? [] : [value]),
        ...several,
      ]);
      if (values.length === 0) {
        expect(await isExcused(filled), query).toBe(true);
      } else {
        expect(
          values.some(([, text]) => text !== 'NaN'),
          query,
        ).toBe(true);
      }
    });

    test('answer every annotation', async () => {
      for (const dashboard of dashboards) {
        for (const [name, expr] of annotationQueriesOf(dashboard)) {
          // Whether a stall lasted for a second is the fault's affair.
          const filled = fill(expr, { rangeSeconds: 60, rateIntervalSeconds: 20, job: 'full' }).replace(
            / > 0$/,
            ' >= 0',
          );
          expect(await prometheus.queryRange(filled, asked - 60, asked, 2), name).not.toEqual([]);
        }
      }
    });

    const rules = prometheusRules({ timeScale: 60 }).groups.flatMap((group) => group.rules);
    test.each(rules)('answer each selector of $record$alert', async ({ expr }) => {
      for (const selector of selectorsOf(expr)) {
        const answer = await prometheus.query(selector.replace(/ offset .*/, ''), asked);
        expect(answer.length > 0 || (await isExcused(selector)), selector).toBe(true);
      }
    });

    test("of the agent's own alerts arrive at a real Alertmanager", async () => {
      await until('the alert has arrived', async () =>
        (await alertmanager.alerts()).some(({ labels }) => labels['alertname'] === 'AgentSaysBlocked'),
      );
    });

    test(`are at most ${mostSeries} series per instance at default settings`, async () => {
      const [sample] = await prometheus.query('scrape_samples_post_metric_relabeling{job="plain"}', asked);
      const count = Number(sample?.value?.[1]);
      expect(count).toBeGreaterThan(50);
      expect(count).toBeLessThanOrEqual(mostSeries);
    });
  },
);
