// packages/sdk/src/shared/metric-table.ts, from the catalogue. The application's thread may not load the
// catalogue, and must yet be able to refuse a condition on a metric that is none.
import { catalogue } from '../../packages/sdk/src/telemetry/catalogue.ts';
import type { MetricDefinition } from '../../packages/sdk/src/telemetry/metric-definition.ts';

const definitions: readonly MetricDefinition[] = catalogue;

/** The file's text. */
export function metricTableSource(): string {
  const lines = definitions.map(({ name, instrument, attributes }) =>
    [name, instrument, ...Object.keys(attributes)].join(' '),
  );
  return `// Made from the catalogue by \`npm run docs\`, which the application's thread may not load: change it there.

/** Each metric in a line: its name, its instrument and its attributes. */
export const metricTable: string = \`
${lines.join('\n')}
\`;
`;
}
