// The same alerts for Grafana's own alerting, as a provisioning file. Grafana asks the data source
// itself, so nothing has to record anything: every recording is written out within its alert.
import { stringify } from 'yaml';
import { span } from '../promql.ts';
import { dashboardPath, runbookUrl } from '../runbook.ts';
import { alerts } from './alerts.ts';
import type { Alert, RuleContext } from './rule.ts';

/** The uid of the data source that the rules ask; grafana/provisioning gives it to Prometheus. */
export const alertingDataSource = 'prometheus';

const intervalSeconds = 60;

const context: RuleContext = {
  span,
  seconds: (seconds) => seconds,
  recorded: ({ expression }) => `(${expression(context)})`,
  averaged: ({ expression }, seconds) =>
    `avg_over_time((${expression(context)})[${span(seconds)}:${span(intervalSeconds)}])`,
  earlier: ({ expression }, seconds) =>
    `last_over_time((${expression(context)})[${span(5 * intervalSeconds)}:${span(intervalSeconds)}] offset ${span(seconds)})`,
};

export function grafanaAlertingText(): string {
  const file = {
    apiVersion: 1,
    groups: [
      {
        orgId: 1,
        name: 'loopscope',
        folder: 'Loopscope',
        interval: span(intervalSeconds),
        rules: alerts.map(grafanaRule),
      },
    ],
  };
  return `# Made from grafana/rules and grafana/thresholds.ts by \`npm run docs\`: change it there.\n${stringify(file, { lineWidth: 110 })}`;
}

function grafanaRule(alert: Alert): object {
  return {
    uid: alert.name.replace(/[A-Z]/g, (letter, index) => `${index === 0 ? '' : '-'}${letter.toLowerCase()}`),
    title: alert.name,
    condition: 'fires',
    data: [
      {
        refId: 'value',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: alertingDataSource,
        model: { refId: 'value', expr: alert.expression(context), instant: true, range: false },
      },
      {
        // The expression gives a value only where the alert should fire, and the value may be 0.
        refId: 'fires',
        datasourceUid: '__expr__',
        model: { refId: 'fires', type: 'math', expression: 'is_number($value)' },
      },
    ],
    // No value is what healthy looks like.
    noDataState: 'OK',
    execErrState: 'Error',
    for: alert.forSeconds === 0 ? '0s' : span(alert.forSeconds),
    labels: { severity: alert.severity },
    annotations: {
      summary: inGrafana(alert.summary),
      description: inGrafana(alert.description),
      runbook_url: runbookUrl(alert),
      dashboard: inGrafana(dashboardPath(alert)),
    },
  };
}

/** Grafana's `$value` is a text about all queries; the number is under `$values`. */
function inGrafana(template: string): string {
  return template.replaceAll('$value ', '$values.value.Value ');
}
