// Everything under grafana/generated, by path relative to the root. `npm run docs` writes it; a test
// holds what is committed equal.
import { agent } from './dashboards/agent.ts';
import { fleet } from './dashboards/fleet.ts';
import { instance } from './dashboards/instance.ts';
import { stalls } from './dashboards/stalls.ts';
import { grafanaAlertingText } from './rules/grafana-alerting.ts';
import { prometheusRulesText } from './rules/prometheus-rules.ts';

export function generatedGrafanaFiles(): ReadonlyMap<string, string> {
  const dashboards = [fleet(), stalls(), instance(), agent()].map((dashboard): [string, string] => [
    `grafana/generated/dashboards/${dashboard.uid}.json`,
    `${JSON.stringify(dashboard, null, 1)}\n`,
  ]);
  return new Map([
    ...dashboards,
    ['grafana/generated/prometheus-rules.yaml', prometheusRulesText()],
    ['grafana/generated/grafana-alerting.yaml', grafanaAlertingText()],
  ]);
}
