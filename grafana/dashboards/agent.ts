// Agent: what Loopscope itself costs, and whether it can be trusted.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { thresholds } from '../thresholds.ts';
import { dashboard } from './frame.ts';
import { rowLinks, seriesLinks } from './links.ts';
import { overRange, rate, series } from './selectors.ts';
import { stat } from './stat.ts';
import { table } from './table.ts';
import { colours } from './theme.ts';
import { timeSeries } from './time-series.ts';

const linesOfGraph = 8;

export function agent(): sdk.Dashboard {
  return dashboard({
    uid: 'loopscope-agent',
    title: 'Loopscope / Agent',
    description: 'What Loopscope itself costs, and whether what it says is complete.',
    from: 'now-6h',
    marksStalls: false,
    sections: [
      { panels: glance() },
      { title: 'Cost and completeness', panels: [cpu(), threadTime(), explained(), captures()] },
      { title: 'Trouble', panels: [failures(), dropped(), notifications(), restarts(), limited()] },
    ],
  });
}

function glance(): sdk.Panel[] {
  return [
    stat({
      title: 'CPU of an agent',
      shows: 'CPU seconds per second of the agent thread, averaged over the instances.',
      act: 'Above a few per cent: raise `LOOPSCOPE_STALL_THRESHOLD_MS`, and scrape less often.',
      filledBy: 'Linux only; absent elsewhere.',
      expr: `avg(sum by (job, instance) (${overRange('rate', 'loopscope.agent.cpu.time')}))`,
      unit: 'percentunit',
      decimals: 2,
      steps: [
        { from: thresholds.agentCpuNoticed, colour: colours.noticed },
        { from: thresholds.agentCpuBad, colour: colours.bad },
      ],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Stacks taken in time',
      shows:
        'Share of the stacks that were taken while the code still blocked. The rest came as a native call returned, or not at all.',
      act: 'Low with many native calls (JSON, crypto) is normal. Low without: look at failures by part below.',
      expr: `sum(${overRange('increase', 'loopscope.agent.captures', 'outcome="taken"')}) / (sum(${overRange('increase', 'loopscope.agent.captures')}) > 0)`,
      unit: 'percentunit',
      decimals: 0,
      none: 'no stalls',
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Failures contained',
      shows: 'Failures within Loopscope over the time shown. The application saw none of them.',
      act: 'See by part below; `NODE_DEBUG=loopscope` tells each on standard error. Worth a report.',
      expr: `sum(${overRange('increase', 'loopscope.agent.failures')}) or vector(0)`,
      unit: 'none',
      decimals: 0,
      steps: [{ from: 1, colour: colours.noticed }],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Alerts of the agents',
      shows: 'Conditions that the agents themselves hold to be true now, with no Prometheus needed.',
      act: 'Open *Fleet* for the instances. Receivers were told already: see notifications below.',
      filledBy: 'Filled by `LOOPSCOPE_ALERTS`.',
      expr: `sum(${series('loopscope.alert.active')}) or vector(0)`,
      unit: 'none',
      steps: [{ from: 1, colour: colours.bad }],
      width: 6,
      height: 4,
    }),
  ];
}

function cpu(): sdk.Panel {
  const worst = `topk(${linesOfGraph}, sum by (job, instance) (rate(${series('loopscope.agent.cpu.time')}[$__range] @ end())))`;
  return timeSeries({
    title: 'CPU of the agents, highest first',
    shows: 'CPU seconds per second of the agent thread, of the instances where it takes most.',
    act: 'Peaks go with stalls (stacks and source maps) or with scrapes. A plateau is worth a report.',
    filledBy: 'Linux only; absent elsewhere.',
    queries: [
      {
        expr: `sum by (job, instance) (${rate('loopscope.agent.cpu.time')}) and on (job, instance) ${worst}`,
        legend: '{{instance}}',
      },
    ],
    unit: 'percentunit',
    steps: [{ from: thresholds.agentCpuBad, colour: colours.bad }],
    links: [seriesLinks.instance],
    width: 6,
    height: 8,
  });
}

function threadTime(): sdk.Panel {
  return timeSeries({
    title: 'Time taken of application threads',
    shows:
      'Share of a thread’s time that Loopscope itself takes, by part, on the thread where it takes most.',
    act: 'Above the budget (1 % by default) features are switched off: see below. `request`: many requests a second; `tasks`: hooks.',
    queries: [{ expr: `max by (part) (${rate('loopscope.agent.thread.time')})`, legend: '{{part}}' }],
    unit: 'percentunit',
    stacked: true,
    width: 6,
    height: 8,
  });
}

function limited(): sdk.Panel {
  return timeSeries({
    title: 'Features off to stay in the budget',
    shows:
      'Instances in which Loopscope has switched a feature off, because it took more than its budget of the main thread.',
    act: 'Until these processes start again, stalls there tell less. Raise `LOOPSCOPE_BUDGET_PERCENT`, or turn the feature off yourself.',
    queries: [{ expr: `sum by (feature) (${series('loopscope.agent.limited')})`, legend: '{{feature}}' }],
    unit: 'none',
    width: 8,
    height: 6,
  });
}

function explained(): sdk.Panel {
  return timeSeries({
    title: 'Busy time that the delay explains',
    shows:
      'Self-check: how much of the loops’ active time the delay histogram accounts for; the worst instance and the middle of the fleet.',
    act: 'Low is normal for many tasks that are shorter than the heartbeat. A sudden fall with stalls beside it is worth a report.',
    queries: [
      { expr: `min(${series('loopscope.eventloop.delay.explained')})`, legend: 'worst' },
      { expr: `quantile(0.5, ${series('loopscope.eventloop.delay.explained')})`, legend: 'median' },
    ],
    unit: 'percentunit',
    colours: { worst: 'orange', median: 'light-blue' },
    width: 6,
    height: 8,
  });
}

function captures(): sdk.Panel {
  return timeSeries({
    title: 'Stacks asked for, by outcome',
    shows: 'Stacks per second: taken inside the blocking code, late as a native call returned, or failed.',
    act: 'failed: the inspector refuses, for example under the permission model.',
    queries: [{ expr: `sum by (outcome) (${rate('loopscope.agent.captures')})`, legend: '{{outcome}}' }],
    unit: 'ops',
    stacked: true,
    colours: { taken: colours.good, late: colours.noticed, failed: colours.bad },
    width: 6,
    height: 8,
  });
}

function failures(): sdk.Panel {
  return timeSeries({
    title: 'Failures contained, by part',
    shows: 'Failures per second within Loopscope, by the part that failed.',
    act: 'A way out such as otlp: look at the Collector. A probe: worth a report.',
    queries: [{ expr: `sum by (part) (${rate('loopscope.agent.failures')})`, legend: '{{part}}' }],
    unit: 'ops',
    width: 8,
    height: 8,
  });
}

function dropped(): sdk.Panel {
  return timeSeries({
    title: 'Telemetry given up',
    shows: 'Data points per second that no Collector took within the retries.',
    act: 'The Collector is gone, refuses, or is slower than the push interval.',
    filledBy: 'Filled where OTLP is on: `OTEL_EXPORTER_OTLP_ENDPOINT`.',
    queries: [{ expr: `sum by (exporter) (${rate('loopscope.agent.dropped')})`, legend: '{{exporter}}' }],
    unit: 'ops',
    width: 8,
    height: 8,
  });
}

function notifications(): sdk.Panel {
  return timeSeries({
    title: 'Notifications of the agents',
    shows: 'Alerts per second that the agents sent, by receiver and outcome.',
    act: 'Anything but delivered: check the address and the receiver of `LOOPSCOPE_ALERTS`.',
    filledBy: 'Filled by `LOOPSCOPE_ALERTS`.',
    queries: [
      {
        expr: `sum by (receiver, outcome) (${rate('loopscope.alert.notifications')})`,
        legend: '{{receiver}} {{outcome}}',
      },
    ],
    unit: 'ops',
    width: 8,
    height: 8,
  });
}

function restarts(): sdk.Panel {
  return table({
    title: 'Agents that were restarted',
    shows: 'Starts of the agent within the life of the process: 1 is healthy and not listed.',
    act: 'After three crashes within ten minutes it stays off: look at the standard error of the process, and report it.',
    labels: { job: 'Job', instance: 'Instance' },
    columns: [
      {
        name: 'Starts',
        expr: `topk(20, max by (job, instance) (${series('loopscope.agent.starts')}) > 1)`,
        unit: 'none',
        decimals: 0,
        steps: [{ from: 2, colour: colours.noticed }],
        width: 100,
      },
    ],
    labelLinks: { instance: [rowLinks.instance] },
    width: 16,
    height: 6,
  });
}
