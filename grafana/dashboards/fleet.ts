// Fleet: who suffers, worst first, deploy by deploy. One look says whether to look further.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { thresholds } from '../thresholds.ts';
import { dashboard } from './frame.ts';
import { heatmap } from './heatmap.ts';
import { rowLinks, seriesLinks } from './links.ts';
import {
  fewDelayBuckets,
  fleetPoints,
  lostShare,
  overRange,
  rate,
  series,
  serving,
  withResource,
} from './selectors.ts';
import { stat } from './stat.ts';
import { activeSteps, delaySteps, gcSteps, lostSteps } from './steps.ts';
import { table } from './table.ts';
import { causeColours, colours, percentileColours } from './theme.ts';
import { timeSeries } from './time-series.ts';

const rowsOfTable = 25;
const linesOfGraph = 8;

const lostOverRange = `max by (job, instance) (${overRange('rate', 'loopscope.eventloop.stall.time', serving)})`;
/** Keeps the rows of a table to the instances that lost most. */
const ofWorst = (expr: string): string =>
  `${expr} and on (job, instance) topk(${rowsOfTable}, ${lostOverRange})`;
/** Keeps a graph's lines to the same few from start to end, where a bare topk picks anew at each step. */
const lines = (expr: string): string =>
  `${expr} and on (job, instance) topk(${linesOfGraph}, max by (job, instance) (rate(${series('loopscope.eventloop.stall.time', serving)}[$__range] @ end())))`;
const active = `max by (job, instance) (${rate('nodejs.eventloop.time', 'nodejs_eventloop_state="active"')})`;
const delayBuckets = (by: string): string =>
  `sum by (${by}) (${rate('loopscope.eventloop.delay', fewDelayBuckets, '_bucket')})`;

export function fleet(): sdk.Dashboard {
  return dashboard({
    uid: 'loopscope-fleet',
    title: 'Loopscope / Fleet',
    description:
      'All instances of the chosen jobs: who suffers, worst first, deploy by deploy. A click on an instance leads to the code to blame.',
    from: 'now-6h',
    marksStalls: false,
    sections: [
      { panels: [...glance(), worstInstances()] },
      { title: 'Over time', panels: [lostByInstance(), lostByCause(), delayHeatmap(), delayByJob()] },
      { title: 'Deploy by deploy', panels: [lostByVersion(), utilization()] },
    ],
  });
}

function glance(): sdk.Panel[] {
  return [
    stat({
      title: 'Instances',
      shows: 'Instances that report, scraped or pushed.',
      act: 'Fewer than you run? Look at *Agent* for those that went silent.',
      expr: `count(${series('process.uptime')})`,
      unit: 'none',
      none: '0',
      width: 4,
      height: 4,
    }),
    stat({
      title: 'Loops stopped now',
      shows: `Event loops that have stood still for more than ${thresholds.loopStoppedSeconds} s at this moment.`,
      act: 'Click an instance of the table below: its stalls name the code, even while it still blocks.',
      expr: `count(${series('loopscope.eventloop.stall.age')} > ${thresholds.loopStoppedSeconds}) or vector(0)`,
      unit: 'none',
      steps: [{ from: 1, colour: colours.bad }],
      width: 5,
      height: 4,
    }),
    stat({
      title: 'Time lost to stalls',
      shows:
        'Share of time in which event loops stood still, averaged over the instances and the time shown.',
      act: `Above ${thresholds.stallBudget * 100} % the budget does not last a month: start with the first row of the table.`,
      expr: `avg(${lostOverRange}) or vector(0)`,
      unit: 'percentunit',
      decimals: 2,
      steps: lostSteps,
      width: 5,
      height: 4,
    }),
    stat({
      title: 'Delay, 99th percentile',
      shows:
        'What 1 % of the callbacks of all loops waited at least for their turn, now. From buckets that add up over instances, not an average of percentiles.',
      act: 'High with little time lost to stalls: many short tasks. Look at utilization, then at *Instance*.',
      expr: `histogram_quantile(0.99, ${delayBuckets('le')})`,
      unit: 's',
      decimals: 1,
      steps: delaySteps,
      width: 5,
      height: 4,
    }),
    stat({
      title: 'Leaks suspected',
      shows: 'Types of handles or tasks whose number has grown on some instance without falling back.',
      act: 'Open *Instance* from the table; its section *Work* shows which type and since when.',
      expr: `count(${series('loopscope.leak.suspected')} > 0) or vector(0)`,
      unit: 'none',
      steps: [{ from: 1, colour: colours.noticed }],
      width: 5,
      height: 4,
    }),
  ];
}

function worstInstances(): sdk.Panel {
  return table({
    title: 'Instances, worst first',
    shows: `The ${rowsOfTable} instances that lost most time to stalls, over the time shown.`,
    act: 'Click the instance: *Stalls* names the code to blame. Are all rows of one version? Then the deploy is to blame. Is it one instance only? Look at its CPU and at its neighbours.',
    labels: { job: 'Job', instance: 'Instance', service_version: 'Version' },
    columns: [
      {
        name: 'Time lost',
        expr: withResource(`topk(${rowsOfTable}, ${lostOverRange})`, 'service_version'),
        unit: 'percentunit',
        decimals: 2,
        steps: lostSteps,
        width: 110,
      },
      {
        name: 'Stopped for',
        expr: ofWorst(`max by (job, instance) (${series('loopscope.eventloop.stall.age')})`),
        unit: 's',
        steps: [{ from: thresholds.loopStoppedSeconds, colour: colours.bad }],
        width: 110,
      },
      {
        name: 'Utilization',
        expr: ofWorst(`max by (job, instance) (${series('nodejs.eventloop.utilization')})`),
        unit: 'percentunit',
        decimals: 0,
        steps: activeSteps,
        width: 110,
      },
      {
        name: 'GC',
        expr: ofWorst(`sum by (job, instance) (${overRange('rate', 'v8js.gc.duration', '', '_sum')})`),
        unit: 'percentunit',
        decimals: 1,
        steps: gcSteps,
        width: 90,
      },
      {
        name: 'Up for',
        expr: ofWorst(`max by (job, instance) (${series('process.uptime')})`),
        unit: 's',
        decimals: 0,
        width: 110,
      },
    ],
    labelLinks: { instance: [rowLinks.stalls, rowLinks.instance, rowLinks.latestStalls] },
    width: 24,
    height: 10,
  });
}

function lostByInstance(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Time lost to stalls, worst instances',
    shows: `Share of time that the ${linesOfGraph} worst instances lost. A stall in progress counts already.`,
    act: 'One line alone: that instance, or the request it got. All together: a deploy, a job, or what they all call.',
    queries: [{ expr: lines(lostShare), legend: '{{instance}}' }],
    unit: 'percentunit',
    steps: [{ from: thresholds.stallBudget, colour: colours.noticed }],
    links: [seriesLinks.stalls, seriesLinks.instance],
    width: 12,
    height: 8,
  });
}

function lostByCause(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Time lost to stalls, by cause',
    shows:
      'Seconds lost per second over all instances, by what the evidence says: the code itself (cpu), garbage collection, waiting inside a synchronous call, endless microtasks, no CPU to be had (starved).',
    act: 'cpu, sync-io, microtasks: open *Stalls* for the code. gc: look at the heap on *Instance*. starved: look at throttling there; no code is to blame.',
    queries: [
      {
        expr: `sum by (cause) (${rate('loopscope.eventloop.stall.duration', serving, '_sum')})`,
        legend: '{{cause}}',
      },
    ],
    unit: 's',
    stacked: true,
    colours: causeColours,
    width: 12,
    height: 8,
  });
}

function delayHeatmap(): sdk.Panel {
  return heatmap({
    title: 'Delay of all event loops',
    shows: 'How long callbacks waited for their turn: darker cells hold more of them.',
    act: 'A dark band far up is a stall that many feel. A whole cloud that rises is a loop that is too busy.',
    expr: `sum by (le) (increase(${series('loopscope.eventloop.delay', fewDelayBuckets, '_bucket')}[$__rate_interval]))`,
    unit: 's',
    width: 12,
    height: 8,
  });
}

function delayByJob(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Delay by job, 99th percentile',
    shows: "99th percentile of the delay over each job's instances, computed from buckets that add up.",
    act: `From ${thresholds.delayNoticedSeconds * 1000} ms on users notice it. Compare with the deploys below.`,
    queries: [{ expr: `histogram_quantile(0.99, ${delayBuckets('job, le')})`, legend: '{{job}}' }],
    unit: 's',
    steps: delaySteps,
    width: 12,
    height: 8,
  });
}

function lostByVersion(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Time lost to stalls, by version',
    shows:
      'Share of time lost, averaged over the instances of each `service.version`; vertical lines are process starts.',
    act: 'A new version above the old one while both run: roll back first, then open *Stalls*.',
    filledBy:
      'Versions come from `OTEL_RESOURCE_ATTRIBUTES=service.version=…`; without it all instances are one line.',
    queries: [
      {
        expr: `avg by (job, service_version) (${withResource(lostShare, 'service_version')})`,
        legend: '{{job}} {{service_version}}',
      },
    ],
    unit: 'percentunit',
    steps: [{ from: thresholds.stallBudget, colour: colours.noticed }],
    width: 12,
    height: 8,
  });
}

function utilization(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Utilization of the event loops',
    shows: 'Share of time in which loops were active: the busiest instance, and the middle of the fleet.',
    act: 'Maximum far above the median: traffic is not spread evenly. Both high: add instances.',
    queries: [
      { expr: `max(${active})`, legend: 'max' },
      { expr: `quantile(0.5, ${active})`, legend: 'median' },
    ],
    unit: 'percentunit',
    max: 1,
    steps: activeSteps,
    colours: percentileColours,
    width: 12,
    height: 8,
  });
}
