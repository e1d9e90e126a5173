// A loop that has more to do than it can, and what an application refuses for it.
import type { MetricDefinition } from '../metric-definition.ts';
import { own, thread } from './common.ts';

export const overloadMetrics = [
  {
    ...own,
    name: 'loopscope.overload.share',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of its requests that the thread would be better off without',
    definition:
      'What the middleware of `@loopscope/exporter/middleware` and `handle.shed()` go by. 0 while all is well, 0.95 at most. It rises while turns of the event loop take more than 60 ms beyond the heartbeat, averaged over 400 ms, once they have taken 100 ms, or while the libuv pool is saturated; else it falls. By 0.4 in a second for turns that are off by another 60 ms, at most twice that.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.overload.requests',
    instrument: 'counter',
    unit: '{request}',
    description: 'Requests that were refused because the thread was overloaded',
    definition: 'Those that `handle.shed()` has named, which the middleware answers with 503.',
    attributes: thread,
  },
] as const satisfies readonly MetricDefinition[];
