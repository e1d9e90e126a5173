// The process and its threads, as the operating system sees them.
import type { MetricDefinition } from '../metric-definition.ts';
import { own, standard, thread } from './common.ts';

export const processMetrics = [
  {
    ...standard,
    name: 'process.cpu.time',
    instrument: 'counter',
    unit: 's',
    description: 'Total CPU seconds broken down by mode',
    definition: "`process.cpuUsage()`, of all threads of the process, Loopscope's included.",
    attributes: { 'cpu.mode': '`user` or `system`.' },
  },
  {
    ...own,
    name: 'loopscope.thread.cpu.time',
    instrument: 'counter',
    unit: 's',
    description: 'CPU seconds of one application thread',
    definition: '`process.threadCpuUsage()`, user and system together. Absent on Node 22 before 22.19.',
    attributes: thread,
  },
  {
    ...standard,
    name: 'process.memory.usage',
    instrument: 'updowncounter',
    unit: 'By',
    description: 'The amount of physical memory in use',
    definition: 'The resident set size: `process.memoryUsage.rss()`.',
    attributes: {},
  },
  {
    ...standard,
    name: 'process.uptime',
    instrument: 'gauge',
    unit: 's',
    description: 'The time the process has been running',
    definition: '`process.uptime()`.',
    attributes: {},
  },
] as const satisfies readonly MetricDefinition[];
