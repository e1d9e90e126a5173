// Each thread's heap, and the resources that keep its loop alive.
import type { ObservationParts, Observe } from './parts.ts';

export function observeV8({ threads }: ObservationParts, observe: Observe): void {
  for (const { identity, readings, garbage } of threads()) {
    const thread = { thread: identity.name };
    const { latest } = readings;
    // Entries come with the samples: later than the last one nothing is known.
    observe('loopscope.gc.utilization', latest && garbage.utilization(latest.at), thread);
    observe('loopscope.memory.external', latest?.externalBytes, thread);
    for (const { name, size, used, available, physical } of latest?.heapSpaces ?? []) {
      const attributes = { 'v8js.heap.space.name': name, ...thread };
      observe('v8js.memory.heap.space.size', size, attributes);
      observe('v8js.memory.heap.used', used, attributes);
      observe('v8js.memory.heap.space.available_size', available, attributes);
      observe('v8js.memory.heap.space.physical_size', physical, attributes);
    }
    for (const [type, count] of Object.entries(readings.resources ?? {})) {
      observe('v8js.resource.active', count, { 'v8js.resource.type': type, ...thread });
    }
  }
}
