// V8's heap and collections, and the resources that keep a loop alive.
import type { MetricDefinition } from '../metric-definition.ts';
import { own, standard, thread } from './common.ts';

const heapSpace = { 'v8js.heap.space.name': 'The V8 heap space, such as `old_space`.', ...thread };

export const v8Metrics = [
  {
    ...standard,
    name: 'v8js.gc.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Garbage collection duration',
    definition:
      'Every garbage collection that V8 reports to `perf_hooks`, by kind. `incremental` is the start of an incremental marking: its later steps, and what V8 does on threads of its own, are not reported.',
    attributes: { 'v8js.gc.type': '`major`, `minor`, `incremental` or `weakcb`.', ...thread },
    buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
  },
  {
    ...own,
    name: 'loopscope.gc.utilization',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of time in which the thread collected garbage',
    definition:
      'Time of the last 15 s before the last sample that lies within an entry of `v8js.gc.duration`, over that time; a moment within several entries counts once. The entries of a stall are told after it.',
    attributes: thread,
  },
  {
    ...standard,
    name: 'v8js.memory.heap.space.size',
    instrument: 'updowncounter',
    unit: 'By',
    description: 'Total heap memory size pre-allocated for a heap space',
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
    // The conventions have a gauge; that would keep the last count of a type that is gone.
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
] as const satisfies readonly MetricDefinition[];
