// What alerts read again and again, computed once. Dashboards need none of these: they work where
// nobody has loaded the rules.
import { metric } from '../metric-names.ts';
import { span } from '../promql.ts';
import { fastBurn, spans } from '../thresholds.ts';
import type { Recording } from './rule.ts';

const rateName = span(spans.rateSeconds);

/** Share of time that an instance's worst thread lost to stalls while it was serving. */
function instanceStallShare(seconds: number): Recording {
  return {
    record: `instance:loopscope_stall_time:ratio_rate${span(seconds)}`,
    expression: (context) =>
      `max by (job, instance) (rate(${metric('loopscope.eventloop.stall.time')}{phase="running"}[${context.span(seconds)}]))`,
  };
}

const burnSpans = new Set(fastBurn.flatMap(({ longSeconds, shortSeconds }) => [shortSeconds, longSeconds]));

/** By the span in seconds. */
export const instanceStallShares: ReadonlyMap<number, Recording> = new Map(
  [...burnSpans].sort((a, b) => a - b).map((seconds) => [seconds, instanceStallShare(seconds)]),
);

export const stallShare: Recording =
  instanceStallShares.get(spans.rateSeconds) ?? instanceStallShare(spans.rateSeconds);

/**
 * The same, averaged over the job's instances. Slow burns average this over days: the rate of one
 * instance over three days says nothing where instances live for hours.
 */
export const jobStallShare: Recording = {
  record: `job:loopscope_stall_time:ratio_rate${rateName}`,
  expression: ({ recorded }) => `avg by (job) (${recorded(stallShare)})`,
};

/** Share of time in which a thread's loop was active. */
export const activeShare: Recording = {
  record: `thread:nodejs_eventloop_active:ratio_rate${rateName}`,
  expression: (context) =>
    `sum by (job, instance, thread) (rate(${metric('nodejs.eventloop.time')}{nodejs_eventloop_state="active"}[${context.span(spans.rateSeconds)}]))`,
};

/** Share of time that a thread spent in garbage collection. */
export const gcShare: Recording = {
  record: `thread:v8js_gc_duration:ratio_rate${rateName}`,
  expression: (context) =>
    `sum by (job, instance, thread) (rate(${metric('v8js.gc.duration')}_sum[${context.span(spans.rateSeconds)}]))`,
};

/** Share of the control group's scheduling periods in which it was throttled. */
export const throttledShare: Recording = {
  record: `instance:loopscope_cgroup_cpu_throttled:ratio_rate${rateName}`,
  expression: (context) => {
    const rate = (name: string): string =>
      `sum by (job, instance) (rate(${metric(name)}[${context.span(spans.rateSeconds)}]))`;
    return `${rate('loopscope.cgroup.cpu.throttled.periods')} / ${rate('loopscope.cgroup.cpu.periods')}`;
  },
};

/** 99th percentile of the delay over all of a job's threads: for graphs over months. */
export const jobDelay: Recording = {
  record: `job:loopscope_eventloop_delay_seconds:p99_rate${rateName}`,
  expression: (context) =>
    `histogram_quantile(0.99, sum by (job, le) (rate(${metric('loopscope.eventloop.delay')}_bucket[${context.span(spans.rateSeconds)}])))`,
};

export const recordings: readonly Recording[] = [
  ...instanceStallShares.values(),
  jobStallShare,
  activeShare,
  gcShare,
  throttledShare,
  jobDelay,
];
