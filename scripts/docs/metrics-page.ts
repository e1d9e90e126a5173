// docs/METRICS.md, from the catalogue.
import { catalogue } from '../../packages/sdk/src/telemetry/catalogue.ts';
import { type MetricDefinition, prometheusName } from '../../packages/sdk/src/telemetry/metric-definition.ts';
import { table } from './markdown-table.ts';

const definitions: readonly MetricDefinition[] = catalogue;

/** The page's text. */
export function metricsPage(): string {
  return `# Metrics

Every metric that Loopscope emits, as its catalogue defines them. This page is made from
\`packages/sdk/src/telemetry/catalogue\` by \`npm run docs\`: change it there.

Standard names, their units and meanings are those of the OpenTelemetry semantic conventions; what
these lack is named \`loopscope.*\`. The Prometheus name is the same whether the metric was scraped or
came by an OTLP push. Every metric is read on the agent thread, so that it is right while the event
loop is blocked. Nothing is reset when it is read: any number of readers may read at any pace.

${overview()}

${definitions.map(section).join('\n')}`;
}

function overview(): string {
  return table(
    ['Metric', 'In Prometheus', 'Instrument', 'Unit', 'What it is'],
    definitions.map((metric) => [
      `[\`${metric.name}\`](#${anchor(metric.name)})`,
      `\`${prometheusName(metric)}\``,
      metric.instrument,
      `\`${metric.unit}\``,
      metric.description,
    ]),
  );
}

function section(metric: MetricDefinition): string {
  const rows: (readonly [string, string])[] = [
    ['In Prometheus', prometheusNames(metric)],
    ['Instrument', metric.instrument],
    ['Unit', `\`${metric.unit}\``],
    ['Source', metric.source],
    ['Platforms', metric.platforms === 'all' ? 'all' : 'Linux; absent elsewhere'],
    ...Object.entries(metric.attributes).map(
      ([name, meaning]) => [`Attribute \`${name}\``, meaning] as const,
    ),
    ...(metric.buckets === undefined
      ? []
      : [['Upper bounds of buckets', metric.buckets.join(', ')] as const]),
  ];
  return `## ${metric.name}

${metric.description}.

${metric.definition}

${table(['', ''], rows)}
`;
}

function prometheusNames(metric: MetricDefinition): string {
  const name = prometheusName(metric);
  const names =
    metric.instrument === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name];
  return names.map((each) => `\`${each}\``).join(', ');
}

// As the common renderers make them: lower case, without punctuation but `-` and `_`.
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');
}
