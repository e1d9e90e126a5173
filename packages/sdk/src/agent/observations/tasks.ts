// Async tasks of each thread, and the leaks that are suspected.
import type { ObservationParts, Observe } from './parts.ts';

export function observeTasks({ threads, leaks }: ObservationParts, observe: Observe): void {
  for (const { identity, readings, tasks } of threads()) {
    const thread = { thread: identity.name };
    observe('loopscope.listener.warnings', readings.latest?.listenerWarnings, thread);
    const { reading } = tasks;
    if (reading !== undefined) {
      observe('loopscope.async.level', 1, { level: reading.level, ...thread });
      observe('loopscope.async.operations', reading.operations, thread);
    }
    for (const { type, created, destroyed, live } of tasks.everCounted) {
      const attributes = { type, ...thread };
      observe('loopscope.async.tasks.created', created, attributes);
      observe('loopscope.async.tasks.destroyed', destroyed, attributes);
      observe('loopscope.async.tasks.live', tasks.counts && live, attributes);
    }
  }
  for (const { kind, type, thread } of leaks()) {
    observe('loopscope.leak.suspected', 1, { kind, type, ...(thread !== undefined && { thread }) });
  }
}
