// How the loops of the application's threads turn: utilization, time, iterations, events.
import type { MetricDefinition } from '../metric-definition.ts';
import { own, standard, thread } from './common.ts';

const eventLoopState = { 'nodejs.eventloop.state': '`active` or `idle`.', ...thread };

export const eventLoopMetrics = [
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
