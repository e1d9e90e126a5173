// The names of prom-client's own default metrics, so that dashboards and rules that were written for them go on.
// Of the main thread alone, as those are. What the agent knows is taken from it: so the lag is that of the last
// 15 s without the timer's own interval, which prom-client's includes, and nothing on this thread is measured anew.
import type { MetricsSnapshot, SnapshotMetric, ValuePoint } from '@loopscope/sdk';
import type { MetricName } from '@loopscope/sdk/telemetry';
import type { Family } from './bridged-metric.ts';
import { histogramSamples } from './loop-families.ts';
import { activeHandles, activeRequests, processMemory } from './process-readings.ts';
import type { Aggregator, Sample } from './registry.ts';

type Read = (snapshot: MetricsSnapshot) => Sample[];

const delays = {
  nodejs_eventloop_lag_seconds: [
    'mean',
    'Mean lag of the event loop over the last 15 s, in seconds.',
    'average',
  ],
  nodejs_eventloop_lag_min_seconds: ['min', 'Least lag of the event loop over the last 15 s.', 'min'],
  nodejs_eventloop_lag_max_seconds: ['max', 'Greatest lag of the event loop over the last 15 s.', 'max'],
  nodejs_eventloop_lag_mean_seconds: ['mean', 'Mean lag of the event loop over the last 15 s.', 'average'],
  nodejs_eventloop_lag_stddev_seconds: [
    'stddev',
    'Standard deviation of the lag over the last 15 s.',
    'average',
  ],
  nodejs_eventloop_lag_p50_seconds: ['p50', 'Median of the lag over the last 15 s.', 'average'],
  nodejs_eventloop_lag_p90_seconds: ['p90', '90th percentile of the lag over the last 15 s.', 'average'],
  nodejs_eventloop_lag_p99_seconds: ['p99', '99th percentile of the lag over the last 15 s.', 'average'],
} as const;

/** Every name of prom-client's `collectDefaultMetrics`. */
export function compatFamilies(): readonly Family[] {
  return [
    ...Object.entries(delays).map(([name, [statistic, help, aggregator]]) =>
      gauge(name, help, value(`nodejs.eventloop.delay.${statistic}`), aggregator),
    ),
    {
      name: 'nodejs_gc_duration_seconds',
      help: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
      type: 'histogram',
      aggregator: 'sum',
      read: collections,
    },
    gauge('nodejs_active_handles', 'Active libuv handles by the class of their JavaScript face.', () =>
      typed(activeHandles()),
    ),
    gauge('nodejs_active_handles_total', 'Active libuv handles.', () => total(activeHandles())),
    gauge('nodejs_active_requests', 'Active libuv requests by the class of their JavaScript face.', () =>
      typed(activeRequests()),
    ),
    gauge('nodejs_active_requests_total', 'Active libuv requests.', () => total(activeRequests())),
    gauge('nodejs_active_resources', 'Resources that keep the event loop alive, by type.', (snapshot) =>
      points(snapshot, 'v8js.resource.active').map(({ attributes, value }) => ({
        labels: { type: attributes['v8js.resource.type'] ?? '' },
        value,
      })),
    ),
    gauge(
      'nodejs_active_resources_total',
      'Resources that keep the event loop alive.',
      sum('v8js.resource.active'),
    ),
    gauge('nodejs_heap_size_total_bytes', 'Size of the heap in bytes.', sum('v8js.memory.heap.space.size')),
    gauge('nodejs_heap_size_used_bytes', 'Used part of the heap in bytes.', sum('v8js.memory.heap.used')),
    gauge('nodejs_external_memory_bytes', 'External memory in bytes.', sum('loopscope.memory.external')),
    gauge(
      'nodejs_heap_space_size_total_bytes',
      'Size of the heap by space, in bytes.',
      spaces('v8js.memory.heap.space.size'),
    ),
    gauge(
      'nodejs_heap_space_size_used_bytes',
      'Used part of the heap by space, in bytes.',
      spaces('v8js.memory.heap.used'),
    ),
    gauge(
      'nodejs_heap_space_size_available_bytes',
      'Available part of the heap by space, in bytes.',
      spaces('v8js.memory.heap.space.available_size'),
    ),
    gauge('nodejs_version_info', 'Version of Node.js.', version, 'first'),
    counter(
      'process_cpu_user_seconds_total',
      'User CPU time in seconds.',
      sum('process.cpu.time', { 'cpu.mode': 'user' }),
    ),
    counter(
      'process_cpu_system_seconds_total',
      'System CPU time in seconds.',
      sum('process.cpu.time', { 'cpu.mode': 'system' }),
    ),
    counter('process_cpu_seconds_total', 'User and system CPU time in seconds.', sum('process.cpu.time')),
    gauge('process_resident_memory_bytes', 'Resident memory in bytes.', sum('process.memory.usage')),
    gauge('process_virtual_memory_bytes', 'Virtual memory in bytes.', () => memory('VmSize')),
    gauge('process_heap_bytes', "The process's data segment in bytes.", () => memory('VmData')),
    gauge('process_open_fds', 'Open file descriptors.', sum('process.unix.file_descriptor.count')),
    gauge(
      'process_max_fds',
      'The limit of open file descriptors.',
      sum('loopscope.process.file_descriptor.limit'),
    ),
    gauge('process_start_time_seconds', "The process's start in Unix seconds.", startTime, 'omit'),
  ];
}

function gauge(name: string, help: string, read: Read, aggregator: Aggregator = 'sum'): Family {
  return { name, help, type: 'gauge', aggregator, read };
}

function counter(name: string, help: string, read: Read): Family {
  return { name, help, type: 'counter', aggregator: 'sum', read };
}

function find(snapshot: MetricsSnapshot, name: MetricName): SnapshotMetric | undefined {
  return snapshot.metrics.find((metric) => metric.name === name);
}

/** Of the process and the main thread: what has a thread has `main` here. */
function points(snapshot: MetricsSnapshot, name: MetricName): readonly ValuePoint[] {
  const metric = find(snapshot, name);
  return metric === undefined || metric.instrument === 'histogram'
    ? []
    : metric.points.filter(({ attributes }) => (attributes['thread'] ?? 'main') === 'main');
}

function value(name: MetricName): Read {
  return (snapshot) => points(snapshot, name).map((point) => ({ labels: {}, value: point.value }));
}

function sum(name: MetricName, wanted: Readonly<Record<string, string>> = {}): Read {
  return (snapshot) => {
    const found = points(snapshot, name).filter(({ attributes }) =>
      Object.entries(wanted).every(([key, expected]) => attributes[key] === expected),
    );
    return found.length === 0 ? [] : total(found.map((point) => ['', point.value] as const));
  };
}

function spaces(name: MetricName): Read {
  return (snapshot) =>
    points(snapshot, name).map(({ attributes, value }) => ({
      labels: { space: (attributes['v8js.heap.space.name'] ?? '').replace(/_space$/, '') },
      value,
    }));
}

function collections(snapshot: MetricsSnapshot): Sample[] {
  const metric = find(snapshot, 'v8js.gc.duration');
  return metric?.instrument === 'histogram'
    ? metric.points
        .filter(({ attributes }) => attributes['thread'] === 'main')
        .flatMap((point) =>
          histogramSamples(
            'nodejs_gc_duration_seconds',
            { kind: point.attributes['v8js.gc.type'] ?? '' },
            point,
          ),
        )
    : [];
}

function typed(counts: Iterable<readonly [string, number]>): Sample[] {
  return Array.from(counts, ([type, value]) => ({ labels: { type }, value }));
}

function total(counts: Iterable<readonly [string, number]>): Sample[] {
  return [{ labels: {}, value: Array.from(counts).reduce((all, [, each]) => all + each, 0) }];
}

function memory(field: 'VmSize' | 'VmData'): Sample[] {
  const bytes = processMemory()?.[field];
  return bytes === undefined ? [] : [{ labels: {}, value: bytes }];
}

function version(): Sample[] {
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.').map(Number);
  return [{ labels: { version: process.version, major, minor, patch }, value: 1 }];
}

function startTime(snapshot: MetricsSnapshot): Sample[] {
  return points(snapshot, 'process.uptime').map((uptime) => ({
    labels: {},
    value: Math.round(snapshot.at / 1000 - uptime.value),
  }));
}
