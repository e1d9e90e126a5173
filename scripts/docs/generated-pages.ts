import { configPage } from './config-page.ts';
import { metricTableSource } from './metric-table.ts';
import { metricsPage } from './metrics-page.ts';

/** Every page and source that is made from code, by path relative to the root. */
export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/METRICS.md', metricsPage()],
    ['docs/CONFIG.md', configPage()],
    ['packages/sdk/src/shared/metric-table.ts', metricTableSource()],
  ]);
}
