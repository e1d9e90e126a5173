// What Loopscope says of itself.
import type { MetricDefinition } from '../metric-definition.ts';
import { own, thread } from './common.ts';

export const agentMetrics = [
  {
    ...own,
    name: 'loopscope.agent.cpu.time',
    instrument: 'counter',
    unit: 's',
    description: 'CPU seconds of the agent thread',
    definition: 'Run time of the agent thread from `/proc/thread-self/schedstat`, since this agent started.',
    attributes: {},
    platforms: 'linux',
  },
  {
    ...own,
    name: 'loopscope.agent.thread.time',
    instrument: 'counter',
    unit: 's',
    description: 'Time that Loopscope itself took of a watched thread',
    definition:
      'Since the thread’s start, measured where it is taken: wall time, and of pieces above 5 ms CPU time where Node tells it (from 24 on). Of the handlers that run for each request one call in 64 is measured, of the hooks of tasks one in 256, and what is typical stands for all. What V8 and libuv do on Loopscope’s account is not in it: the heartbeat’s timer, the samples of a profile, a hook before it is called.',
    attributes: {
      part: '`sample`, `gc`, `request`, `tasks`, `profile` or `capture`.',
      ...thread,
    },
  },
  {
    ...own,
    name: 'loopscope.agent.limited',
    instrument: 'gauge',
    unit: '{feature}',
    description: 'Features that are off because Loopscope took more than its budget',
    definition:
      '1 once the feature was switched off, because `loopscope.agent.thread.time` of the main thread rose by more than the budget (`LOOPSCOPE_BUDGET_PERCENT`) over ten seconds, until the process ends; else 0.',
    attributes: { feature: '`profile`, `tasks` or `request`.' },
  },
  {
    ...own,
    name: 'loopscope.agent.captures',
    instrument: 'counter',
    unit: '{capture}',
    description: 'Stacks asked for during stalls',
    definition:
      'By outcome: `taken` inside the blocking code; `late`, taken as a native call returned; `failed`, the inspector refused; `skipped`, of a worker thread while all of them together had used up half a percent of the main thread, which each capture of a worker interrupts; `pending`, asked for and not answered yet, is not counted.',
    attributes: { outcome: '`taken`, `late`, `failed` or `skipped`.' },
  },
  {
    ...own,
    name: 'loopscope.agent.starts',
    instrument: 'counter',
    unit: '{start}',
    description: 'Starts of the agent thread in this process',
    definition: '1 in a healthy process; a restart after a crash adds one, three within ten minutes at most.',
    attributes: {},
  },
  {
    ...own,
    name: 'loopscope.agent.failures',
    instrument: 'counter',
    unit: '{failure}',
    description: 'Failures of Loopscope that were contained',
    definition:
      'By part: a probe that threw, a message that was malformed, an export that failed. The application never sees them.',
    attributes: { part: 'The part that failed, such as `otlp` or `probe`.' },
  },
  {
    ...own,
    name: 'loopscope.agent.dropped',
    instrument: 'counter',
    unit: '{item}',
    description: 'Items of telemetry that were given up',
    definition:
      'Metric data points that no collector took within the retries; with `profile`, profiles of stalls that were given up for later or longer ones.',
    attributes: { exporter: 'The way out, such as `otlp`; or `profile`.' },
  },
] as const satisfies readonly MetricDefinition[];
