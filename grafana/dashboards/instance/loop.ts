// The loop: how long it is held up, and by what.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { thresholds } from '../../thresholds.ts';
import { heatmap } from '../heatmap.ts';
import { rowLinks } from '../links.ts';
import { gained, rate, series } from '../selectors.ts';
import { activeSteps, delaySteps } from '../steps.ts';
import { table } from '../table.ts';
import { colours, percentileColours } from '../theme.ts';
import { timeSeries } from '../time-series.ts';
import { half, third } from './width.ts';

export function delay(): sdk.Panel {
  const percentiles = ['p50', 'p90', 'p99', 'max'] as const;
  return third({
    title: 'Delay',
    shows:
      'How long callbacks waited for their turn, in windows of 15 s, the worst thread of each instance. A stall in progress is in it.',
    act: 'Only max is high: single blocks, see *The code to blame*. p50 is high too: the loop is too busy.',
    queries: percentiles.map((percentile) => ({
      expr: `max by (instance) (${series(`nodejs.eventloop.delay.${percentile}`)})`,
      legend: percentile,
    })),
    unit: 's',
    steps: delaySteps,
    colours: percentileColours,
  });
}

export function delayHeatmap(): sdk.Panel {
  return heatmap({
    title: 'Delay, all of it',
    shows: 'Every callback by how long it waited; darker cells hold more.',
    act: 'A band that sits apart at the top is one kind of block that comes again and again.',
    expr: `sum by (le) (increase(${series('loopscope.eventloop.delay', '', '_bucket')}[$__rate_interval]))`,
    unit: 's',
    width: 8,
    height: 8,
  });
}

export function utilization(): sdk.Panel {
  return third({
    title: 'Utilization',
    shows: 'Share of time in which the loop of each thread was active.',
    act: `Above ${thresholds.loopSaturated * 100} % it queues what arrives: add instances, or move work into worker threads.`,
    queries: [
      {
        expr: `sum by (instance, thread) (${rate('nodejs.eventloop.time', 'nodejs_eventloop_state="active"')})`,
        legend: '{{thread}}',
      },
    ],
    unit: 'percentunit',
    max: 1,
    steps: activeSteps,
  });
}

export function culprits(): sdk.Panel {
  return table({
    title: 'The code to blame',
    shows: 'The ten functions that cost this instance most time, over the time shown.',
    act: 'Open the file at this function. Its line, the request and the trace are on /stalls of the instance: click the instance.',
    labels: { code_function_name: 'Function', code_file_path: 'File', instance: 'Instance', job: 'Job' },
    columns: [
      {
        name: 'Time lost',
        expr: `topk(10, ${gained('loopscope.eventloop.stall.culprit.time', 'job, instance, code_function_name, code_file_path')} > 0)`,
        unit: 's',
        decimals: 1,
        width: 100,
      },
    ],
    labelLinks: { instance: [rowLinks.latestStalls, rowLinks.stalls] },
    ...half,
  });
}

export function lost(): sdk.Panel {
  return timeSeries({
    title: 'Time lost to stalls, by thread',
    shows:
      'Share of time for which each thread stood still, whatever the phase. A stall in progress counts already.',
    act: 'Compare with *GC* and *Throttled* below: lines that rise together name the cause.',
    queries: [
      {
        expr: `sum by (instance, thread) (${rate('loopscope.eventloop.stall.time')})`,
        legend: '{{thread}}',
      },
    ],
    unit: 'percentunit',
    steps: [{ from: thresholds.stallBudget, colour: colours.noticed }],
    ...half,
  });
}
