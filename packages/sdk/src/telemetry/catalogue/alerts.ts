// The alerts that the agent evaluates itself.
import type { MetricDefinition } from '../metric-definition.ts';
import { own } from './common.ts';

export const alertMetrics = [
  {
    ...own,
    name: 'loopscope.alert.active',
    instrument: 'updowncounter',
    unit: '{alert}',
    description: 'Alerts of the agent that are firing',
    definition:
      'By condition of `LOOPSCOPE_ALERTS`: the number of its series that fire, 0 while none does. Absent where no condition is configured.',
    attributes: { alert: 'The name of the condition.', severity: '`info`, `warning` or `critical`.' },
  },
  {
    ...own,
    name: 'loopscope.alert.notifications',
    instrument: 'counter',
    unit: '{notification}',
    description: 'Notifications of alerts, by what became of them',
    definition:
      'By receiver and outcome: `delivered`; `failed`, refused by the receiver or given up after retries; `dropped`, pushed out of a full queue. Those that repeat a firing alert for Alertmanager are counted too. Absent before the first.',
    attributes: {
      receiver: '`alertmanager`, `webhook` or `stderr`.',
      outcome: '`delivered`, `failed` or `dropped`.',
    },
  },
] as const satisfies readonly MetricDefinition[];
