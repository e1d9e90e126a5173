// CPU, and what the process is denied of it.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { thresholds } from '../../thresholds.ts';
import { rate, series } from '../selectors.ts';
import { colours } from '../theme.ts';
import { cgroups, linux, third } from './width.ts';

export function cpu(): sdk.Panel {
  return third({
    title: 'CPU',
    shows:
      'CPU seconds per second: the whole process, and each thread of the application, against the limit.',
    act: 'A thread at 1 can do no more. The process well above its threads: garbage collection, the pool, native addons.',
    filledBy: `Filled at default settings; the limit: ${cgroups}`,
    queries: [
      { expr: `sum(${rate('process.cpu.time')})`, legend: 'process' },
      { expr: `sum by (thread) (${rate('loopscope.thread.cpu.time')})`, legend: '{{thread}}' },
      { expr: `sum(${series('loopscope.cgroup.cpu.limit')})`, legend: 'limit' },
    ],
    unit: 'none',
    decimals: 2,
    colours: { process: colours.plain },
    limits: ['limit'],
  });
}

export function denied(): sdk.Panel {
  return third({
    title: 'Ready, but without a CPU',
    shows: 'Share of time for which each thread was ready to run and got no processor.',
    act: 'Other processes, or the limit, take the CPU. Stalls with the cause *starved* go with it.',
    filledBy: linux,
    queries: [{ expr: `sum by (thread) (${rate('loopscope.thread.cpu.wait')})`, legend: '{{thread}}' }],
    unit: 'percentunit',
  });
}

export function throttling(): sdk.Panel {
  return third({
    title: 'Throttled',
    shows: 'Share of the scheduling periods in which the CPU limit stopped the container.',
    act: 'With stalls beside it: raise the limit, or spend less CPU. Without: leave it.',
    filledBy: cgroups,
    queries: [
      {
        expr: `sum(${rate('loopscope.cgroup.cpu.throttled.periods')}) / (sum(${rate('loopscope.cgroup.cpu.periods')}) > 0)`,
        legend: 'periods throttled',
      },
    ],
    unit: 'percentunit',
    max: 1,
    steps: [{ from: thresholds.throttled, colour: colours.noticed }],
    colours: { 'periods throttled': colours.plain },
  });
}
