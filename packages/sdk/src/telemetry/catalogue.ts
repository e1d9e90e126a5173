// Every metric that Loopscope emits. Instruments, docs/METRICS.md, dashboards and tests are checked
// against this table, both ways. Standard names are taken verbatim from the OpenTelemetry semantic
// conventions; what they lack is named `loopscope.*`, never inside their namespaces.
import type { MetricDefinition } from './metric-definition.ts';

const thread = { thread: 'The application thread that is measured: `main`.' };
const phase = { phase: "When in the process's life it began: `startup`, `running` or `exiting`." };
const standard = { source: 'OpenTelemetry semantic conventions', platforms: 'all' } as const;
const own = { source: 'Loopscope', platforms: 'all' } as const;
const eventLoopState = { 'nodejs.eventloop.state': '`active` or `idle`.', ...thread };
const heapSpace = { 'v8js.heap.space.name': 'The V8 heap space, such as `old_space`.', ...thread };

export const catalogue = [
  {
    ...standard,
    name: 'nodejs.eventloop.utilization',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of time in which the event loop was active',
    definition:
      'Active time over elapsed time of the last 15 s, from `performance.eventLoopUtilization()`. A stall in progress counts as active.',
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.time',
    instrument: 'counter',
    unit: 's',
    description: 'Cumulative time the event loop spent active and idle',
    definition:
      'From `performance.eventLoopUtilization()`, read about once a second. A stall in progress counts as active.',
    attributes: eventLoopState,
  },
  {
    ...own,
    name: 'loopscope.eventloop.iterations',
    instrument: 'counter',
    unit: '{iteration}',
    description: 'Turns of the event loop',
    definition: '`performance.nodeTiming.uvMetricsInfo.loopCount`.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.events',
    instrument: 'counter',
    unit: '{event}',
    description: 'Events the event loop has processed',
    definition: '`performance.nodeTiming.uvMetricsInfo.events`.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.events.waiting',
    instrument: 'counter',
    unit: '{event}',
    description: 'Events that were already waiting when the event loop asked for them',
    definition:
      '`performance.nodeTiming.uvMetricsInfo.eventsWaiting`, cumulative. Its share of `loopscope.eventloop.events` rises as the loop falls behind.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Length of the stalls of the event loop',
    definition:
      'One value for each closed stall: a period of at least the threshold (`LOOPSCOPE_STALL_THRESHOLD_MS`) in which the loop did not turn. Time in which the whole process was suspended is taken out; stalls with a debugger port open are left out.',
    attributes: { ...phase, ...thread },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.time',
    instrument: 'counter',
    unit: 's',
    description: 'Time lost to stalls of the event loop, the one in progress included',
    definition:
      'The sum of the durations of all stalls; a stall in progress adds its present age, so that the counter rises while the loop is blocked.',
    attributes: { ...phase, ...thread },
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.active',
    instrument: 'updowncounter',
    unit: '{stall}',
    description: 'Stalls in progress',
    definition: "1 while the thread's loop is stalled, else 0.",
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.age',
    instrument: 'gauge',
    unit: 's',
    description: 'Age of the stall in progress, 0 when there is none',
    definition:
      'Read at the moment of collection, on the agent thread: it is right while the loop is blocked.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.process.suspensions',
    instrument: 'counter',
    unit: '{suspension}',
    description: 'Times the whole process was suspended',
    definition:
      'The agent thread was late by at least 50 ms, and neither its own CPU time nor its wait for a CPU explains half of it: SIGSTOP, a frozen container, a paused virtual machine. Never counted as a stall.',
    attributes: {},
  },
  {
    ...own,
    name: 'loopscope.process.suspension.time',
    instrument: 'counter',
    unit: 's',
    description: 'Time for which the whole process was suspended',
    definition: "The agent thread's lateness at each of `loopscope.process.suspensions`.",
    attributes: {},
  },
  {
    ...standard,
    name: 'v8js.gc.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Garbage collection duration',
    definition: 'Every garbage collection that V8 reports to `perf_hooks`, by kind.',
    attributes: { 'v8js.gc.type': '`major`, `minor`, `incremental` or `weakcb`.', ...thread },
    buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
  },
  {
    ...standard,
    name: 'v8js.memory.heap.limit',
    instrument: 'updowncounter',
    unit: 'By',
    description: 'Total heap memory size pre-allocated',
    definition: '`space_size` of `v8.getHeapSpaceStatistics()`.',
    attributes: heapSpace,
  },
  {
    ...standard,
    name: 'v8js.memory.heap.used',
    instrument: 'updowncounter',
    unit: 'By',
    description: 'Heap memory size allocated',
    definition: '`space_used_size` of `v8.getHeapSpaceStatistics()`.',
    attributes: heapSpace,
  },
  {
    ...standard,
    name: 'v8js.memory.heap.space.available_size',
    instrument: 'updowncounter',
    unit: 'By',
    description: 'Heap space available size',
    definition: '`space_available_size` of `v8.getHeapSpaceStatistics()`.',
    attributes: heapSpace,
  },
  {
    ...standard,
    name: 'v8js.memory.heap.space.physical_size',
    instrument: 'updowncounter',
    unit: 'By',
    description: 'Committed size of a heap space',
    definition: '`physical_space_size` of `v8.getHeapSpaceStatistics()`.',
    attributes: heapSpace,
  },
  {
    ...own,
    name: 'loopscope.memory.external',
    instrument: 'updowncounter',
    unit: 'By',
    description: 'Memory outside the V8 heap that JavaScript objects hold',
    definition:
      '`external_memory` of `v8.getHeapStatistics()`: Buffers, ArrayBuffers and what native addons report.',
    attributes: thread,
  },
  {
    ...standard,
    name: 'v8js.resource.active',
    instrument: 'updowncounter',
    unit: '{resource}',
    description: 'Active libuv resources that keep the event loop alive',
    definition:
      "`process.getActiveResourcesInfo()`, counted by type: handles, requests, timers and immediates. It does not list unref'd timers, nor crypto and zlib jobs. Read about once a second, and less often where there are so many that a read would take over 0.1 % of the thread.",
    attributes: {
      'v8js.resource.type': "The resource's type, such as `TCPSocketWrap` or `Timeout`.",
      ...thread,
    },
  },
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
    name: 'loopscope.agent.captures',
    instrument: 'counter',
    unit: '{capture}',
    description: 'Stacks asked for during stalls',
    definition:
      'By outcome: `taken` inside the blocking code; `late`, taken as a native call returned; `failed`, the inspector refused; `pending`, asked for and not answered yet, is not counted.',
    attributes: { outcome: '`taken`, `late` or `failed`.' },
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
    definition: 'Metric data points that no collector took within the retries.',
    attributes: { exporter: 'The way out, such as `otlp`.' },
  },
] as const satisfies readonly MetricDefinition[];

export type MetricName = (typeof catalogue)[number]['name'];
