// About once a second: what only this thread can read of itself. Process-wide readings are the agent
// thread's work. Each part may fail alone: it is then counted and its fields are left out.
import type v8 from 'node:v8';
import { builtin } from '../shared/builtin.ts';
import { monotonicNow } from '../shared/clock.ts';
import type { HeapSpaceReading, SampleMessage } from '../shared/messages.ts';
import type { LimitedFeature } from '../shared/own-time.ts';
import type { TasksReading } from '../shared/tasks.ts';
import { inspectorOpen } from './inspector-open.ts';
import type { OwnTime } from './own-time.ts';
import { ResourceReader } from './resources.ts';
import type { Utilization } from './utilization.ts';
import { threadCpuMs } from './worked-time.ts';

const intervalMs = 1000;

// Held since load: an application's fake timers replace these.
const { setInterval, clearInterval } = builtin('node:timers');
const { performance } = builtin('node:perf_hooks');

export interface SamplerPorts {
  readonly utilization: Utilization;
  readonly send: (message: SampleMessage) => void;
  readonly tasks: () => TasksReading;
  /** Since the thread's start. */
  readonly listenerWarnings: () => number;
  readonly own: OwnTime;
  /** What is off because we took too much of this thread. */
  readonly limited: () => readonly LimitedFeature[];
  /** Failures since the last call, by part. */
  readonly takeFailures: () => Record<string, number> | undefined;
  readonly failed: (part: string) => void;
}

/**
 * Samples each second, from the first second on: the modules that it needs are loaded then, so that
 * the application's start does not wait for them. Returns its undo.
 */
export function startSampler(ports: SamplerPorts): () => void {
  const resources = new ResourceReader();
  const sample = (): void => {
    try {
      ports.own.measure('sample', () => ports.send(takeSample(ports, resources)));
    } catch {
      ports.failed('sampler');
    }
  };
  const timer = setInterval(sample, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

function takeSample(ports: SamplerPorts, resources: ResourceReader): SampleMessage {
  const { active, idle } = ports.utilization.rebase();
  const { loopCount, events, eventsWaiting } = performance.nodeTiming.uvMetricsInfo;
  const { getHeapStatistics, getHeapSpaceStatistics } = builtin('node:v8');
  const counts = resources.read();
  const tasks = attempt(ports, 'tasks', ports.tasks);
  const failures = ports.takeFailures();
  const cpu = threadCpuMs();
  return {
    kind: 'sample',
    at: monotonicNow(),
    active,
    idle,
    iterations: loopCount,
    events,
    eventsWaiting,
    externalBytes: getHeapStatistics().external_memory,
    heapSpaces: getHeapSpaceStatistics().map(heapSpaceReading),
    inspectorOpen: inspectorOpen(),
    sourceMaps: process.sourceMapsEnabled,
    ...(cpu !== undefined && { cpu }),
    ...(counts && { resources: counts }),
    ...(tasks && { tasks }),
    listenerWarnings: ports.listenerWarnings(),
    ownTime: ports.own.read(),
    limited: ports.limited(),
    ...(failures && { failures }),
  };
}

function attempt<Reading>({ failed }: SamplerPorts, part: string, read: () => Reading): Reading | undefined {
  try {
    return read();
  } catch {
    failed(part);
    return undefined;
  }
}

function heapSpaceReading(space: v8.HeapSpaceInfo): HeapSpaceReading {
  return {
    name: space.space_name,
    size: space.space_size,
    used: space.space_used_size,
    available: space.space_available_size,
    physical: space.physical_space_size,
  };
}
