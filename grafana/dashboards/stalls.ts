// Stalls: by cause and by code, how long, what it cost and whom it hit.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { thresholds } from '../thresholds.ts';
import { dashboard } from './frame.ts';
import { heatmap } from './heatmap.ts';
import { rowLinks } from './links.ts';
import {
  fewStallBuckets,
  fleetPoints,
  gained,
  overRange,
  rate,
  series,
  serving,
  withResource,
} from './selectors.ts';
import { stat } from './stat.ts';
import { lostSteps } from './steps.ts';
import { table } from './table.ts';
import { causeColours, colours } from './theme.ts';
import { timeSeries } from './time-series.ts';

const rowsOfTable = 20;
const linesOfGraph = 8;
const onEachStall = 'One value for each stall of at least `LOOPSCOPE_STALL_THRESHOLD_MS` (100 by default).';

export function stalls(): sdk.Dashboard {
  return dashboard({
    uid: 'loopscope-stalls',
    title: 'Loopscope / Stalls',
    description: 'What blocks the event loops: the code and the cause, how long, how often, and whom it hit.',
    from: 'now-6h',
    marksStalls: true,
    sections: [
      { panels: [...glance(), culprits(), byInstance()] },
      { title: 'Over time', panels: [durations(), byCause(), byCulprit(), victims()] },
      { title: 'Beside serving', panels: [byPhase(), suspensions()] },
    ],
  });
}

function glance(): sdk.Panel[] {
  return [
    stat({
      title: 'Stalls',
      shows: 'Stalls while serving, over the time shown.',
      act: 'None is normal. Look at the table for the code that makes most of them.',
      filledBy: onEachStall,
      expr: `sum(${gained('loopscope.eventloop.stall.duration', 'job', serving, '_count')}) or vector(0)`,
      unit: 'none',
      decimals: 0,
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Time lost',
      shows: 'Time for which loops stood still while serving, over all instances and the time shown.',
      act: 'Compare it with the time shown, times the instances: above 1 % of that, the budget does not last.',
      expr: `sum(${overRange('increase', 'loopscope.eventloop.stall.time', serving)}) or vector(0)`,
      unit: 's',
      decimals: 1,
      width: 6,
      height: 4,
    }),
    stat({
      title: 'In progress now',
      shows: 'Age of the oldest stall that goes on at this moment; 0 when all loops turn.',
      act: 'Above 5 s the service answers nobody. /stalls of the instance names the code already.',
      expr: `max(${series('loopscope.eventloop.stall.age')})`,
      unit: 's',
      decimals: 1,
      steps: [{ from: thresholds.loopStoppedSeconds, colour: colours.bad }],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Requests that waited',
      shows: 'Requests that were in hand while a loop stood still: each of them waited.',
      act: 'Many requests with few stalls: the stalls hit the rush hours. That code goes first.',
      filledBy: 'Filled at default settings; see `LOOPSCOPE_REQUEST` for naming the requests themselves.',
      expr: `sum(${overRange('increase', 'loopscope.eventloop.stall.requests')}) or vector(0)`,
      unit: 'none',
      decimals: 0,
      width: 6,
      height: 4,
    }),
  ];
}

function culprits(): sdk.Panel {
  return table({
    title: 'The code to blame',
    shows: `The ${rowsOfTable} functions that cost most time, over the time shown. \`other\` holds what came after the first 20 of a process.`,
    act: 'Start at the top: open the file at this function. The line, the request and the trace are in the events: /stalls of an instance below, or the log event of the stall.',
    labels: {
      code_function_name: 'Function',
      code_file_path: 'File',
      job: 'Job',
      fingerprint: 'Fingerprint',
    },
    columns: [
      {
        name: 'Time lost',
        expr: `topk(${rowsOfTable}, ${gained('loopscope.eventloop.stall.culprit.time', 'job, code_function_name, code_file_path, fingerprint')} > 0)`,
        unit: 's',
        decimals: 1,
        width: 110,
      },
    ],
    width: 14,
    height: 10,
  });
}

function byInstance(): sdk.Panel {
  const lost = `max by (job, instance) (${overRange('rate', 'loopscope.eventloop.stall.time', serving)})`;
  return table({
    title: 'Instances, worst first',
    shows: `The ${rowsOfTable} instances that lost most of their time.`,
    act: 'Click an instance for all about it, for its latest stalls with stack and trace id, or for the slow traces of its service.',
    labels: { job: 'Job', instance: 'Instance', service_name: 'Service' },
    columns: [
      {
        name: 'Time lost',
        expr: withResource(`topk(${rowsOfTable}, ${lost})`, 'service_name'),
        unit: 'percentunit',
        decimals: 2,
        steps: lostSteps,
        width: 110,
      },
    ],
    labelLinks: { instance: [rowLinks.instance, rowLinks.stalls, rowLinks.latestStalls, rowLinks.traces] },
    width: 10,
    height: 10,
  });
}

function durations(): sdk.Panel {
  return heatmap({
    title: 'Length of the stalls',
    shows: 'Stalls by their length; darker cells hold more of them.',
    act: 'Short and many: a hot function. Long and rare: a report, an import, a regular expression that backtracks.',
    filledBy: onEachStall,
    expr: `sum by (le) (increase(${series('loopscope.eventloop.stall.duration', `${serving}, ${fewStallBuckets}`, '_bucket')}[$__rate_interval]))`,
    unit: 's',
    width: 12,
    height: 8,
  });
}

function byCause(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Time lost, by cause',
    shows:
      'Seconds lost per second, by the verdict on each stall: the code itself (cpu), garbage collection (gc), waiting inside a synchronous call (sync-io), endless microtasks, no CPU to be had (starved).',
    act: 'sync-io: use the asynchronous call. microtasks: let the loop turn with setImmediate. gc: look at the heap. starved: look at the CPU limit; the code is not to blame.',
    filledBy: onEachStall,
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

function byCulprit(): sdk.Panel {
  const worst = `topk(${linesOfGraph}, sum by (code_function_name) (increase(${series('loopscope.eventloop.stall.culprit.time')}[$__range] @ end())))`;
  return timeSeries({
    points: fleetPoints,
    title: 'Time lost, by function',
    shows: `Seconds lost per second to the ${linesOfGraph} functions that cost most.`,
    act: 'Which of them began with the last deploy? Process starts are marked.',
    queries: [
      {
        expr: `sum by (code_function_name) (${rate('loopscope.eventloop.stall.culprit.time')}) and on (code_function_name) ${worst}`,
        legend: '{{code_function_name}}',
      },
    ],
    unit: 's',
    stacked: true,
    width: 12,
    height: 8,
  });
}

function victims(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Requests that waited',
    shows: 'Requests per second that were in hand while their loop stood still.',
    act: 'Explains peaks of latency that no handler of these requests shows. Compare with your own latency graphs.',
    queries: [{ expr: `sum by (job) (${rate('loopscope.eventloop.stall.requests')})`, legend: '{{job}}' }],
    unit: 'reqps',
    width: 12,
    height: 8,
  });
}

function byPhase(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Time lost, by phase of life',
    shows:
      'Seconds lost per second while starting up, serving, and exiting. A stall in progress counts already.',
    act: 'Much at startup: modules that load and compute synchronously delay each deploy. At exit: handlers that work instead of closing.',
    queries: [{ expr: `sum by (phase) (${rate('loopscope.eventloop.stall.time')})`, legend: '{{phase}}' }],
    unit: 's',
    stacked: true,
    colours: { startup: colours.plain, running: colours.bad, exiting: colours.quiet },
    width: 12,
    height: 8,
  });
}

function suspensions(): sdk.Panel {
  return timeSeries({
    points: fleetPoints,
    title: 'Suspended from outside',
    shows:
      'Seconds per second for which whole processes were frozen: SIGSTOP, a frozen container, a paused virtual machine. Never counted as stalls.',
    act: 'Ask the platform, not the code: live migrations, snapshots, an overcommitted host.',
    queries: [{ expr: `sum by (job) (${rate('loopscope.process.suspension.time')})`, legend: '{{job}}' }],
    unit: 's',
    colours: {},
    width: 12,
    height: 8,
  });
}
