// What the system says of the process.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { rate, series } from '../selectors.ts';
import { colours } from '../theme.ts';
import { linux, third } from './width.ts';

export function descriptors(): sdk.Panel {
  return third({
    title: 'File descriptors',
    shows: 'Open descriptors against the limit.',
    act: 'Near the limit connections and files fail with EMFILE. See *Handles* for the type that leaks.',
    filledBy: linux,
    queries: [
      { expr: `sum(${series('process.unix.file_descriptor.count')})`, legend: 'open' },
      { expr: `sum(${series('loopscope.process.file_descriptor.limit')})`, legend: 'limit' },
    ],
    unit: 'none',
    colours: { open: colours.plain },
    limits: ['limit'],
  });
}

export function switches(): sdk.Panel {
  return third({
    title: 'Context switches',
    shows:
      'Times per second at which the process gave up a CPU: voluntary to wait, involuntary because another was due.',
    act: 'Many involuntary ones: it competes for the CPU.',
    filledBy: linux,
    queries: [
      {
        expr: `sum by (process_context_switch_type) (${rate('process.context_switches')})`,
        legend: '{{process_context_switch_type}}',
      },
    ],
    unit: 'ops',
  });
}

export function pressure(): sdk.Panel {
  return third({
    title: 'Pressure',
    shows:
      'Share of time in which tasks waited for a resource of the container or host (`some`: at least one did, `full`: all did).',
    act: 'cpu: too little of it. memory: reclaim eats the time. io: the disk does.',
    filledBy: 'Linux with pressure stall information; absent elsewhere.',
    queries: [
      {
        expr: `sum by (resource, kind) (${rate('loopscope.pressure.time')})`,
        legend: '{{resource}} {{kind}}',
      },
    ],
    unit: 'percentunit',
  });
}
