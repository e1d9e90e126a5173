// Memory and its collection.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { rate, series } from '../selectors.ts';
import { gcSteps } from '../steps.ts';
import { colours } from '../theme.ts';
import { cgroups, third } from './width.ts';

export function gc(): sdk.Panel {
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

export function heap(): sdk.Panel {
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

export function resident(): sdk.Panel {
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
