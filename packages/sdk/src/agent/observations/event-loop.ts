// How each thread's loop turns and how late it is; a stall in progress counts as active, and as a delay.
import type { Attributes } from '../../telemetry/telemetry-source.ts';
import type { LoopTime } from '../thread-readings.ts';
import type { WatchedThread } from '../watched-thread.ts';
import type { ObservationParts, Observe, ObserveHistogram } from './parts.ts';

/** Of the window: a loop that is active for less has nothing to explain. */
const leastActiveShare = 0.01;

export function observeEventLoops({ threads, now }: ObservationParts, observe: Observe): void {
  for (const thread of threads()) {
    const { identity, readings, blockedSince } = thread;
    const { latest } = readings;
    const attributes = { thread: identity.name };
    const time = readings.loopTime(now(), blockedSince);
    observeDelayWindow(thread, time, observe, attributes);
    if (latest === undefined) {
      continue;
    }
    const { activeMs, idleMs, utilization } = time;
    observe('nodejs.eventloop.utilization', utilization, attributes);
    observe('nodejs.eventloop.time', activeMs / 1000, { 'nodejs.eventloop.state': 'active', ...attributes });
    observe('nodejs.eventloop.time', idleMs / 1000, { 'nodejs.eventloop.state': 'idle', ...attributes });
    observe('loopscope.eventloop.iterations', latest.iterations, attributes);
    observe('loopscope.eventloop.events', latest.events, attributes);
    observe('loopscope.eventloop.events.waiting', latest.eventsWaiting, attributes);
  }
}

function observeDelayWindow(
  { delay, delayedMs }: WatchedThread,
  { utilization, windowStart, windowActiveMs, windowElapsedMs }: LoopTime,
  observe: Observe,
  attributes: Attributes,
): void {
  const window = delay.window(windowStart, delayedMs);
  if (window === undefined) {
    return;
  }
  observe('nodejs.eventloop.delay.min', window.minMs / 1000, attributes);
  observe('nodejs.eventloop.delay.max', window.maxMs / 1000, attributes);
  observe('nodejs.eventloop.delay.mean', window.meanMs / 1000, attributes);
  observe('nodejs.eventloop.delay.stddev', window.stddevMs / 1000, attributes);
  observe('nodejs.eventloop.delay.p50', window.p50Ms / 1000, attributes);
  observe('nodejs.eventloop.delay.p90', window.p90Ms / 1000, attributes);
  observe('nodejs.eventloop.delay.p99', window.p99Ms / 1000, attributes);
  // Without a utilization nothing is known of the loop's activity yet.
  if (utilization !== undefined && windowActiveMs >= leastActiveShare * windowElapsedMs) {
    const explained = Math.min(1, window.heldMs / windowActiveMs);
    observe('loopscope.eventloop.delay.explained', explained, attributes);
  }
}

export function observeDelays({ threads }: ObservationParts, observe: ObserveHistogram): void {
  for (const { identity, delay, delayedMs } of threads()) {
    const { counts, sumMs } = delay.total(delayedMs);
    observe('loopscope.eventloop.delay', {
      counts,
      sum: sumMs / 1000,
      since: delay.sinceWallTime,
      attributes: { thread: identity.name },
    });
  }
}
