// The rules as Prometheus loads them.
import { stringify } from 'yaml';
import { span } from '../promql.ts';
import { dashboardPath, runbookUrl } from '../runbook.ts';
import { alerts } from './alerts.ts';
import { recordings } from './recordings.ts';
import type { Recording, RuleContext } from './rule.ts';

export interface RuleFileOptions {
  /** Divides every window and every `for`: tests can't wait for hours. */
  readonly timeScale?: number;
}

interface PrometheusRule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly PrometheusRule[] }[];
}

export function prometheusRules({ timeScale = 1 }: RuleFileOptions = {}): RuleFile {
  const scaled = (seconds: number): string => span(seconds / timeScale);
  const context: RuleContext = {
    span: scaled,
    seconds: (seconds) => seconds / timeScale,
    recorded: ({ record }: Recording) => record,
    averaged: ({ record }, seconds) => `avg_over_time(${record}[${scaled(seconds)}])`,
    earlier: ({ record }, seconds) => `${record} offset ${scaled(seconds)}`,
  };
  return {
    groups: [
      {
        name: 'loopscope-recordings',
        rules: recordings.map(({ record, expression }) => ({ record, expr: expression(context) })),
      },
      {
        name: 'loopscope-alerts',
        rules: alerts.map((alert) => ({
          alert: alert.name,
          expr: alert.expression(context),
          ...(alert.forSeconds === 0 ? {} : { for: scaled(alert.forSeconds) }),
          labels: { severity: alert.severity },
          annotations: {
            summary: alert.summary,
            description: alert.description,
            runbook_url: runbookUrl(alert),
            dashboard: dashboardPath(alert),
          },
        })),
      },
    ],
  };
}

/** The file's text. */
export function prometheusRulesText(options?: RuleFileOptions): string {
  return `# Made from grafana/rules and grafana/thresholds.ts by \`npm run docs\`: change it there.\n${stringify(prometheusRules(options), { lineWidth: 110 })}`;
}
