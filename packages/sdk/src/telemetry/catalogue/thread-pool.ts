// libuv's thread pool, on which files, names, crypto and compression are worked off.
import type { MetricDefinition } from '../metric-definition.ts';
import { own } from './common.ts';

export const threadPoolMetrics = [
  {
    ...own,
    name: 'loopscope.threadpool.wait',
    instrument: 'histogram',
    unit: 's',
    description: 'Time for which a job waits for a thread of the libuv pool',
    definition:
      "About once a second the agent thread puts one `fs.access('/')` on the pool, one at a time, and takes the time until it is back: the wait, the few microseconds of the call, and the way back to the agent thread, 0.1 to 0.5 ms in an idle pool. Names (`dns.lookup`) get at most half of the pool's threads and may wait longer. Absent until the application has used the pool: the agent never starts it (where its threads have no names of their own, off Linux and before libuv 1.50, that is once a sample has met a job of it), and where `--permission` does not let the root be read.",
    attributes: {},
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  {
    ...own,
    name: 'loopscope.threadpool.size',
    instrument: 'updowncounter',
    unit: '{thread}',
    description: 'Threads of the libuv pool',
    definition:
      'The threads named `libuv-worker` once there are any; until then, and where they can not be told (off Linux, before libuv 1.50), `UV_THREADPOOL_SIZE` as the process was started with it and as libuv reads it: 4 where it is unset, 1 where it is 0 or no number, at most 1024.',
    attributes: {},
  },
  {
    ...own,
    name: 'loopscope.threadpool.pending',
    instrument: 'updowncounter',
    unit: '{job}',
    description: 'Jobs of the libuv pool that are running or waiting',
    definition:
      'By what `process.getActiveResourcesInfo()` lists on all application threads: calls of `fs`, `fs/promises` and `dns.lookup`. It lists no crypto or zlib job, and on Node 26 no `fs.readFile`. As old as the last read of `v8js.resource.active`.',
    attributes: {
      type: '`FSReqCallback`, `FSReqPromise`, `GetAddrInfoReqWrap` or `GetNameInfoReqWrap`.',
    },
  },
  {
    ...own,
    name: 'loopscope.threadpool.saturated',
    instrument: 'updowncounter',
    unit: '{pool}',
    description: 'Whether jobs have to wait for a thread of the libuv pool',
    definition:
      'By the probe of `loopscope.threadpool.wait`: 1 once one has waited for 100 ms, the one in flight included, or two in a row for 10 ms; 0 again after two in a row under 5 ms. Absent before the first.',
    attributes: {},
  },
] as const satisfies readonly MetricDefinition[];
