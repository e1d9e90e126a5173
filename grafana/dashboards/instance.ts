// Instance: everything about few instances, from the loop outwards to the machine.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { thresholds } from '../thresholds.ts';
import { activeSteps, delaySteps, gcSteps } from './fleet.ts';
import { dashboard } from './frame.ts';
import { rowLinks } from './links.ts';
import { heatmap, type PanelText, type TimeSeriesOptions, table, timeSeries } from './panel.ts';
import { gained, rate, series } from './selectors.ts';
import { colours, percentileColours } from './theme.ts';

const linux = 'Linux only; absent elsewhere.';
const cgroups = 'Linux with control groups, in a container as a rule; absent elsewhere and without a limit.';

/** A third of the width; more than one instance chosen gives one line each. */
function third(options: Omit<TimeSeriesOptions, 'width' | 'height'>): sdk.Panel {
  return timeSeries({ ...options, width: 8, height: 8 });
}

export function instance(): sdk.Dashboard {
  return dashboard({
    uid: 'loopscope-instance',
    title: 'Loopscope / Instance',
    description:
      'One process in full: its loops, its work, its thread pool, memory, CPU and what the machine takes from it. Choose one instance.',
    from: 'now-1h',
    marksStalls: true,
    sections: [
      { title: 'The loop', panels: [delay(), delayHeatmap(), utilization(), culprits(), lost()] },
      { title: 'Work', panels: [handles(), tasks(), operations(), leaks(), waiting()] },
      { title: "libuv's thread pool", panels: [poolJobs(), poolWait(), poolSaturation()] },
      { title: 'Memory', panels: [gc(), heap(), resident()] },
      { title: 'CPU and what it is denied', panels: [cpu(), denied(), throttling()] },
      { title: 'Process', panels: [descriptors(), switches(), pressure()] },
    ],
  });
}

const half = { width: 12, height: 8 } as const satisfies Partial<PanelText>;

function delay(): sdk.Panel {
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

function delayHeatmap(): sdk.Panel {
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

function utilization(): sdk.Panel {
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

function culprits(): sdk.Panel {
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

function lost(): sdk.Panel {
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

function handles(): sdk.Panel {
  return third({
    title: 'Handles, by type',
    shows:
      'Sockets, timers, files and requests that keep the loop alive, by type. Not: timers that were unref’d, crypto and compression jobs.',
    act: 'A line that only rises is a leak: find who opens this type and never closes it.',
    queries: [
      {
        expr: `sum by (type) (label_replace(${series('v8js.resource.active')}, "type", "$1", "v8js_resource_type", "(.*)"))`,
        legend: '{{type}}',
      },
    ],
    unit: 'none',
  });
}

function tasks(): sdk.Panel {
  return third({
    title: 'Live tasks, by type',
    shows: 'Asynchronous resources that were created and not destroyed yet, by type.',
    act: 'Rising without end: something awaits what never comes, or keeps what it should let go.',
    filledBy: 'Filled by `LOOPSCOPE_TASKS=counts`; docs/TASKS.md says what that costs.',
    queries: [{ expr: `sum by (type) (${series('loopscope.async.tasks.live')})`, legend: '{{type}}' }],
    unit: 'none',
  });
}

function operations(): sdk.Panel {
  return third({
    title: 'Asynchronous operations',
    shows: 'Resources created per second: what the code asks the loop to do.',
    act: 'Rises without more traffic: a loop that re-schedules itself, a retry storm.',
    queries: [{ expr: `sum by (thread) (${rate('loopscope.async.operations')})`, legend: '{{thread}}' }],
    unit: 'ops',
  });
}

function leaks(): sdk.Panel {
  return timeSeries({
    title: 'Leaks suspected',
    shows: '1 while the number of one type grows without falling back.',
    act: 'Look at that type in *Handles* or *Live tasks*: since when, and which deploy was it?',
    queries: [
      { expr: `max by (kind, type) (${series('loopscope.leak.suspected')})`, legend: '{{kind}} {{type}}' },
    ],
    unit: 'none',
    max: 1,
    ...half,
  });
}

function waiting(): sdk.Panel {
  return timeSeries({
    title: 'Events that had to wait',
    shows: 'Share of events that were ready before the loop asked for them.',
    act: 'Rising towards 1: the loop falls behind, long before the delay shows it.',
    queries: [
      {
        expr: `sum by (thread) (${rate('loopscope.eventloop.events.waiting')}) / (sum by (thread) (${rate('loopscope.eventloop.events')}) > 0)`,
        legend: '{{thread}}',
      },
    ],
    unit: 'percentunit',
    ...half,
  });
}

function poolJobs(): sdk.Panel {
  return third({
    title: 'Jobs in the pool',
    shows:
      'File operations and name lookups in hand, by type, against the threads of the pool. Crypto and compression jobs are not listed.',
    act: 'Above the dashed line jobs queue. Set `UV_THREADPOOL_SIZE`, or ask for less of the largest type at once.',
    queries: [
      { expr: `sum by (type) (${series('loopscope.threadpool.pending')})`, legend: '{{type}}' },
      { expr: `sum(${series('loopscope.threadpool.size')})`, legend: 'threads' },
    ],
    unit: 'none',
    stacked: true,
    limits: ['threads'],
  });
}

function poolWait(): sdk.Panel {
  const quantile = (share: number): string =>
    `histogram_quantile(${share}, sum by (le) (${rate('loopscope.threadpool.wait', '', '_bucket')}))`;
  return third({
    title: 'Wait for the pool',
    shows: 'How long a job waits for a free thread, measured by a probe that does next to nothing.',
    act: 'Every file and name lookup of the service waits this long in addition.',
    queries: [
      { expr: quantile(0.5), legend: 'p50' },
      { expr: quantile(0.99), legend: 'p99' },
    ],
    unit: 's',
    steps: [
      { from: thresholds.threadPoolWaitNoticedSeconds, colour: colours.noticed },
      { from: thresholds.threadPoolWaitBadSeconds, colour: colours.bad },
    ],
    colours: percentileColours,
  });
}

function poolSaturation(): sdk.Panel {
  return third({
    title: 'Pool saturated',
    shows: 'Share of the readings in which no thread was free and jobs waited.',
    act: `Above ${thresholds.threadPoolSaturated * 100} % an alert fires. See which type fills the pool on the left.`,
    queries: [
      {
        expr: `max by (instance) (avg_over_time(${series('loopscope.threadpool.saturated')}[$__rate_interval]))`,
        legend: '{{instance}}',
      },
    ],
    unit: 'percentunit',
    max: 1,
    steps: [{ from: thresholds.threadPoolSaturated, colour: colours.bad }],
  });
}

function gc(): sdk.Panel {
  return third({
    title: 'GC',
    shows: 'Share of time in garbage collection, by kind. The loop stands still meanwhile.',
    act: 'major: the live heap is large or near its limit. minor: much short-lived garbage, often from parsing or copying.',
    queries: [
      {
        expr: `sum by (v8js_gc_type) (${rate('v8js.gc.duration', '', '_sum')})`,
        legend: '{{v8js_gc_type}}',
      },
    ],
    unit: 'percentunit',
    stacked: true,
    steps: gcSteps,
    colours: { major: 'purple', minor: 'light-purple', incremental: colours.plain, weakcb: colours.quiet },
  });
}

function heap(): sdk.Panel {
  return third({
    title: 'Heap, by space',
    shows: 'Bytes in use in each space of the heap, against what is allocated.',
    act: 'old_space that rises after each major collection is a leak: take a heap snapshot. large_object_space: few, big buffers or strings.',
    queries: [
      {
        expr: `sum by (space) (label_replace(${series('v8js.memory.heap.used')}, "space", "$1", "v8js_heap_space_name", "(.*)")) > 0`,
        legend: '{{space}}',
      },
      { expr: `sum(${series('v8js.memory.heap.space.size')})`, legend: 'allocated' },
    ],
    unit: 'bytes',
    stacked: true,
    limits: ['allocated'],
  });
}

function resident(): sdk.Panel {
  return third({
    title: 'Memory of the process',
    shows:
      'Resident memory, what Buffers and addons hold outside the heap, and the container’s use and limit.',
    act: 'Near the dashed line the kernel kills the process (OOM). Rising external memory with a flat heap: Buffers are kept.',
    filledBy: `Filled at default settings; the container’s lines: ${cgroups}`,
    queries: [
      { expr: `sum(${series('process.memory.usage')})`, legend: 'resident' },
      { expr: `sum(${series('loopscope.memory.external')})`, legend: 'external' },
      { expr: `sum(${series('loopscope.cgroup.memory.usage')})`, legend: 'container' },
      { expr: `sum(${series('loopscope.cgroup.memory.limit')})`, legend: 'limit' },
    ],
    unit: 'bytes',
    colours: { resident: colours.plain, external: 'orange', container: 'purple' },
    limits: ['limit'],
  });
}

function cpu(): sdk.Panel {
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

function denied(): sdk.Panel {
  return third({
    title: 'Ready, but without a CPU',
    shows: 'Share of time for which each thread was ready to run and got no processor.',
    act: 'Other processes, or the limit, take the CPU. Stalls with the cause *starved* go with it.',
    filledBy: linux,
    queries: [{ expr: `sum by (thread) (${rate('loopscope.thread.cpu.wait')})`, legend: '{{thread}}' }],
    unit: 'percentunit',
  });
}

function throttling(): sdk.Panel {
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

function descriptors(): sdk.Panel {
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

function switches(): sdk.Panel {
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

function pressure(): sdk.Panel {
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
