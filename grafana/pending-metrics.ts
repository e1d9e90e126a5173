// Metrics that dashboards and rules already speak of and that the catalogue does not hold yet. When it
// holds them all this file goes.
import type { MetricDefinition } from '../packages/sdk/src/telemetry/index.ts';

type Pending = Pick<MetricDefinition, 'name' | 'instrument' | 'unit'> & {
  readonly attributes: readonly string[];
};

const own = (
  name: string,
  instrument: MetricDefinition['instrument'],
  unit: string,
  ...attributes: string[]
): Pending => ({ name, instrument, unit, attributes });

export const pendingMetrics: readonly Pending[] = [
  own('nodejs.eventloop.delay.max', 'gauge', 's', 'thread'),
  own('nodejs.eventloop.delay.mean', 'gauge', 's', 'thread'),
  own('nodejs.eventloop.delay.p50', 'gauge', 's', 'thread'),
  own('nodejs.eventloop.delay.p90', 'gauge', 's', 'thread'),
  own('nodejs.eventloop.delay.p99', 'gauge', 's', 'thread'),
  own('loopscope.eventloop.delay', 'histogram', 's', 'thread'),
  own('loopscope.eventloop.delay.explained', 'gauge', '1', 'thread'),
  own(
    'loopscope.eventloop.stall.culprit.time',
    'counter',
    's',
    'code.function.name',
    'code.file.path',
    'fingerprint',
    'thread',
  ),
  own('loopscope.eventloop.stall.requests', 'counter', '{request}', 'thread'),
  own('loopscope.eventloop.stall.requests.time', 'counter', 's', 'thread'),
  own('loopscope.async.operations', 'counter', '{operation}', 'thread'),
  own('loopscope.async.tasks.live', 'updowncounter', '{task}', 'type', 'thread'),
  own('loopscope.leak.suspected', 'updowncounter', '{leak}', 'kind', 'type', 'thread'),
  own('loopscope.gc.utilization', 'gauge', '1', 'thread'),
  own('loopscope.threadpool.wait', 'histogram', 's'),
  own('loopscope.threadpool.pending', 'updowncounter', '{job}', 'type'),
  own('loopscope.threadpool.size', 'updowncounter', '{thread}'),
  own('loopscope.threadpool.saturated', 'updowncounter', '{pool}'),
  own('process.context_switches', 'counter', '{context_switch}', 'process.context_switch.type'),
  own('process.unix.file_descriptor.count', 'updowncounter', '{file_descriptor}'),
  own('loopscope.process.file_descriptor.limit', 'updowncounter', '{file_descriptor}'),
  own('loopscope.thread.cpu.wait', 'counter', 's', 'thread'),
  own('loopscope.cgroup.cpu.limit', 'gauge', '{cpu}'),
  own('loopscope.cgroup.cpu.periods', 'counter', '{period}'),
  own('loopscope.cgroup.cpu.throttled.periods', 'counter', '{period}'),
  own('loopscope.cgroup.cpu.throttled.time', 'counter', 's'),
  own('loopscope.cgroup.memory.limit', 'updowncounter', 'By'),
  own('loopscope.cgroup.memory.usage', 'updowncounter', 'By'),
  own('loopscope.pressure.time', 'counter', 's', 'resource', 'kind'),
  own('loopscope.alert.active', 'updowncounter', '{alert}', 'alert', 'severity'),
  own('loopscope.alert.notifications', 'counter', '{notification}', 'receiver', 'outcome'),
];

/** Attributes that metrics of the catalogue are about to get. */
export const pendingAttributes: Readonly<Record<string, readonly string[]>> = {
  'loopscope.eventloop.stall.duration': ['cause'],
};
