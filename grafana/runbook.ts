// Where the people who are woken find what to do.
import type { Alert } from './rules/rule.ts';

const runbook = 'https://github.com/loopscope/loopscope/blob/main/docs/RUNBOOK.md';

/** The section of an alert. */
export function runbookUrl({ name }: Pick<Alert, 'name'>): string {
  return `${runbook}#${name.toLowerCase()}`;
}

/** Path of an alert's dashboard within Grafana, for the labels that the alert carries. */
export function dashboardPath({ dashboard }: Pick<Alert, 'dashboard'>): string {
  return `/d/${dashboard}?var-job={{ $labels.job }}&var-instance={{ $labels.instance }}`;
}
