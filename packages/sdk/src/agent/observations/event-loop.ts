// How each thread's loop turns; a stall in progress counts as active.
import type { ObservationParts, Observe } from './parts.ts';

export function observeEventLoops({ threads, now }: ObservationParts, observe: Observe): void {
  for (const { identity, readings, blockedSince } of threads()) {
    const { latest } = readings;
    if (latest === undefined) {
      continue;
    }
    const attributes = { thread: identity.name };
    const { activeMs, idleMs, utilization } = readings.loopTime(now(), blockedSince);
    observe('nodejs.eventloop.utilization', utilization, attributes);
    observe('nodejs.eventloop.time', activeMs / 1000, { 'nodejs.eventloop.state': 'active', ...attributes });
    observe('nodejs.eventloop.time', idleMs / 1000, { 'nodejs.eventloop.state': 'idle', ...attributes });
    observe('loopscope.eventloop.iterations', latest.iterations, attributes);
    observe('loopscope.eventloop.events', latest.events, attributes);
    observe('loopscope.eventloop.events.waiting', latest.eventsWaiting, attributes);
  }
}
