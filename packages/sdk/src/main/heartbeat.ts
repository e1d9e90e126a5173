// The heartbeat: Node's own delay histogram in timer mode. It runs no JavaScript on this thread; the
// agent thread reads its live clone, and a count that stands still is a loop that does not turn.
import { builtin } from '../shared/builtin.ts';
import type { DelayHistogram } from '../shared/messages.ts';

const { monitorEventLoopDelay } = builtin('node:perf_hooks');

export interface Heartbeat {
  /** Must stay referenced on this thread: with only the clone alive the first GC ends the timer. */
  readonly histogram: DelayHistogram;
  readonly intervalMs: number;
  stop(): void;
}

/**
 * A quarter of the threshold: a stall then misses three ticks or more before it counts as one, and a
 * loop that is only busy misses none. Coarser than 50 ms saves nothing that can be measured.
 */
export function heartbeatInterval(thresholdMs: number): number {
  return Math.min(50, Math.max(5, Math.floor(thresholdMs / 4)));
}

/**
 * By how much longer a worker's is: the first two have main's, the next two twice that, and so on up to four
 * times. A pool's heartbeats all together would cost more than anything else here.
 */
export function workerHeartbeatFactor(place: number): number {
  return Math.min(4, Math.max(1, Math.ceil(place / 2)));
}

/** `factor`: see above. */
export function startHeartbeat(thresholdMs: number, factor: number = 1): Heartbeat {
  const intervalMs = factor * heartbeatInterval(thresholdMs);
  const histogram = monitorEventLoopDelay({ resolution: intervalMs });
  histogram.enable();
  return { histogram, intervalMs, stop: () => histogram.disable() };
}
