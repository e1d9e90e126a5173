// How the loops of the application's threads turn: delay, utilization, time, iterations, events.
import type { MetricDefinition } from '../metric-definition.ts';
import { own, standard, thread } from './common.ts';

const eventLoopState = { 'nodejs.eventloop.state': '`active` or `idle`.', ...thread };

/** Upper bounds of the delay's buckets, in seconds. */
export const delayBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const delayWindow =
  'Of the delays that a probe at each step of 10 ms would have met in the last 15 s, as `loopscope.eventloop.delay` counts them: a stall in progress is in it with its present age. What is late by less than half a millisecond counts as on time.';
const notAFleet = 'Never average it over processes: take a quantile of `loopscope.eventloop.delay`.';

export const eventLoopMetrics = [
  {
    ...own,
    name: 'loopscope.eventloop.delay',
    instrument: 'histogram',
    unit: 's',
    description: 'Delay that work due on the event loop has met',
    definition:
      'How late a probe at each step of 10 ms would have been run, since the thread began to be watched: made of the lateness of the ticks of the native heartbeat, each counted as often as it covers steps, of the start and end of each stall, and of the boot. A stall in progress is in it as if it ended now. Time in which the process was suspended and stalls with a debugger port open are left out. Work that is done in the same turn in which it falls due is not seen; see `docs/DELAY.md`.',
    attributes: thread,
    buckets: delayBuckets,
    aggregated: true,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.delay.min',
    instrument: 'gauge',
    unit: 's',
    description: 'Event loop minimum delay',
    definition: `The least. ${delayWindow} More than 0 only where the loop was late all the time.`,
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.delay.max',
    instrument: 'gauge',
    unit: 's',
    description: 'Event loop maximum delay',
    definition: `The greatest. ${delayWindow}`,
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.delay.mean',
    instrument: 'gauge',
    unit: 's',
    description: 'Event loop mean delay',
    definition: `The mean. ${delayWindow}`,
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.delay.stddev',
    instrument: 'gauge',
    unit: 's',
    description: 'Event loop standard deviation delay',
    definition: `The standard deviation. ${delayWindow}`,
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.delay.p50',
    instrument: 'gauge',
    unit: 's',
    description: 'Event loop 50 percentile delay',
    definition: `The median. ${delayWindow} ${notAFleet}`,
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.delay.p90',
    instrument: 'gauge',
    unit: 's',
    description: 'Event loop 90 percentile delay',
    definition: `The 90th percentile. ${delayWindow} ${notAFleet}`,
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.delay.p99',
    instrument: 'gauge',
    unit: 's',
    description: 'Event loop 99 percentile delay',
    definition: `The 99th percentile. ${delayWindow} ${notAFleet}`,
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.delay.explained',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of the active time of the event loop that its delay explains',
    definition:
      'Over the last 15 s: the time in which a probe would have had to wait for half a millisecond or more, as the delay counts it, over the time in which the loop was active; 1 at most. Near 1 the loop is held by callbacks that the delay sees; far under it, by many that are too short to delay anything, or by ones in step with the heartbeat: then go by the utilization. Absent where the loop was active for less than 1 % of the time.',
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.utilization',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of time in which the event loop was active',
    definition:
      'Active time over elapsed time of the last 15 s, from `performance.eventLoopUtilization()`. A stall in progress counts as active.',
    attributes: thread,
  },
  {
    ...standard,
    name: 'nodejs.eventloop.time',
    instrument: 'counter',
    unit: 's',
    description: 'Cumulative time the event loop spent active and idle',
    definition:
      'From `performance.eventLoopUtilization()`, read about once a second. A stall in progress counts as active.',
    attributes: eventLoopState,
  },
  {
    ...own,
    name: 'loopscope.eventloop.iterations',
    instrument: 'counter',
    unit: '{iteration}',
    description: 'Turns of the event loop',
    definition: '`performance.nodeTiming.uvMetricsInfo.loopCount`.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.events',
    instrument: 'counter',
    unit: '{event}',
    description: 'Events the event loop has processed',
    definition: '`performance.nodeTiming.uvMetricsInfo.events`.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.events.waiting',
    instrument: 'counter',
    unit: '{event}',
    description: 'Events that were already waiting when the event loop asked for them',
    definition:
      '`performance.nodeTiming.uvMetricsInfo.eventsWaiting`, cumulative. Its share of `loopscope.eventloop.events` rises as the loop falls behind.',
    attributes: thread,
  },
] as const satisfies readonly MetricDefinition[];
