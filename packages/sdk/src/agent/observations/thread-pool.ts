// The libuv pool: its threads, what is on it, and whether that is too much.
import { poolRequests } from '../thread-pool.ts';
import type { ObservationParts, Observe } from './parts.ts';

export function observeThreadPool({ threads, threadPool }: ObservationParts, observe: Observe): void {
  observe('loopscope.threadpool.size', threadPool.size);
  const { saturated } = threadPool;
  observe('loopscope.threadpool.saturated', saturated === undefined ? undefined : Number(saturated));
  const resources = [...threads()]
    .map(({ readings }) => readings.resources)
    .filter((counts) => counts !== undefined);
  if (resources.length > 0) {
    for (const type of poolRequests) {
      const count = resources.reduce((sum, counts) => sum + (counts[type] ?? 0), 0);
      observe('loopscope.threadpool.pending', count, { type });
    }
  }
}
