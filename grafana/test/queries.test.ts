// What is asked: PromQL by its grammar, and metrics and labels that exist.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { catalogue, prometheusName } from '../../packages/sdk/src/telemetry/index.ts';
import { annotationQueriesOf, fill, queriesOf } from '../queries.ts';
import { prometheusRules } from '../rules/prometheus-rules.ts';
import { dashboards, grafanaFolder, missing, promtool } from './support.ts';

const filling = { rangeSeconds: 3600, rateIntervalSeconds: 60 };

const ruleQueries = prometheusRules().groups.flatMap(({ rules }) =>
  rules.map(({ record, alert, expr }) => [alert ?? record ?? '', expr] as const),
);
const grafanaAlerting = parse(
  readFileSync(join(grafanaFolder, 'generated/grafana-alerting.yaml'), 'utf8'),
) as {
  groups: { rules: { title: string; data: { model: { expr?: string } }[] }[] }[];
};
const grafanaQueries = grafanaAlerting.groups.flatMap(({ rules }) =>
  rules.map(({ title, data }) => [`Grafana's ${title}`, data[0]?.model.expr ?? ''] as const),
);
const dashboardQueries = dashboards.flatMap((dashboard) => [
  ...queriesOf(dashboard).map(
    ({ where, refId, expr }) => [`${where} ${refId}`, fill(expr, filling)] as const,
  ),
  ...[...annotationQueriesOf(dashboard)].map(([name, expr]) => [name, fill(expr, filling)] as const),
]);
const everyQuery = [...dashboardQueries, ...ruleQueries, ...grafanaQueries];

test('there are queries to check', () => {
  expect(dashboardQueries.length).toBeGreaterThan(60);
});

test.each(everyQuery)('%s is PromQL by its grammar', (_where, expr) => {
  expect(() => parser.configure({ strict: true }).parse(expr)).not.toThrow();
});

const withoutPromtool = missing('promtool');
test.skipIf(withoutPromtool !== undefined)(
  `every query passes the checks of promtool${withoutPromtool === undefined ? '' : ` (${withoutPromtool})`}`,
  () => {
    const rules = everyQuery.map(([, expr], index) => ({ record: `query:${index}`, expr }));
    const { status, output } = promtool((path) => ['check', 'rules', path('queries.yaml')], {
      'queries.yaml': JSON.stringify({ groups: [{ name: 'queries', rules }] }),
    });
    expect(status, output).toBe(0);
  },
);

interface Known {
  readonly labels: ReadonlySet<string>;
}

const labelOf = (attribute: string): string => attribute.replace(/[^a-zA-Z0-9]+/g, '_');

function knownSeries(): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  const common = ['job', 'instance'];
  const definitions = catalogue.map((each) => ({ ...each, attributes: Object.keys(each.attributes) }));
  for (const definition of definitions) {
    const name = prometheusName(definition);
    const labels = [...common, ...definition.attributes.map(labelOf)];
    if (definition.instrument === 'histogram') {
      known.set(`${name}_bucket`, { labels: new Set([...labels, 'le']) });
      known.set(`${name}_sum`, { labels: new Set(labels) });
      known.set(`${name}_count`, { labels: new Set(labels) });
    } else {
      known.set(name, { labels: new Set(labels) });
    }
  }
  const resource = ['service_name', 'service_version'];
  known.set('target_info', { labels: new Set([...common, ...resource]) });
  known.set('up', { labels: new Set(common) });
  return known;
}

interface Used {
  readonly metrics: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
}

/** Names of metrics and labels in a query, by the grammar. Labels made by label_replace do not count. */
function usedIn(expr: string): Used {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  const made = new Set([...expr.matchAll(/label_replace\(.*?"([a-z_]+)", "\$1"/g)].map(([, label]) => label));
  parser.parse(expr).iterate({
    enter: ({ name, from, to, node }) => {
      const text = expr.slice(from, to);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') {
        metrics.add(text);
      } else if (name === 'LabelName' && !made.has(text)) {
        labels.add(text);
      }
    },
  });
  return { metrics, labels };
}

describe('known names', () => {
  const series = knownSeries();
  const recorded = new Set(
    prometheusRules().groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? [])),
  );

  test.each(everyQuery)('%s asks for metrics and labels of the catalogue', (where, expr) => {
    const { metrics, labels } = usedIn(expr);
    expect(metrics.size, where).toBeGreaterThan(0);
    const allowed = new Set<string>(['job', 'instance', 'thread']);
    for (const name of metrics) {
      expect(series.has(name) || recorded.has(name), `${name} in ${where}`).toBe(true);
      for (const label of series.get(name)?.labels ?? []) {
        allowed.add(label);
      }
    }
    expect(
      [...labels].filter((label) => !allowed.has(label)),
      where,
    ).toEqual([]);
  });

  test('the grammar tells metrics from labels', () => {
    expect(usedIn('sum by (job) (rate(a_total{thread="main"}[5m])) / on (job) b')).toEqual({
      metrics: new Set(['a_total', 'b']),
      labels: new Set(['job', 'thread']),
    });
  });
});

test('legends name labels that their query keeps', () => {
  const wrong = dashboards
    .flatMap(queriesOf)
    .filter(({ expr, legend }) =>
      [...legend.matchAll(/\{\{(\w+)\}\}/g)].some(([, label]) => !expr.includes(label ?? '')),
    );
  expect(wrong.map(({ where, legend }) => `${where}: ${legend}`)).toEqual([]);
});
