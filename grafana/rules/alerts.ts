// The alerts, worst first. Each has a section in docs/RUNBOOK.md.
import { metric } from '../metric-names.ts';
import { span } from '../promql.ts';
import { type BurnWindow, fastBurn, slowBurn, spans, thresholds } from '../thresholds.ts';
import {
  activeShare,
  gcShare,
  instanceStallShares,
  jobStallShare,
  stallShare,
  throttledShare,
} from './recordings.ts';
import type { Alert, RuleContext } from './rule.ts';

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
const where = '{{ $labels.instance }} of {{ $labels.job }}';

export const alerts: readonly Alert[] = [
  {
    name: 'LoopscopeLoopStopped',
    severity: 'critical',
    expression: ({ seconds }) =>
      `max by (job, instance, thread) (${metric('loopscope.eventloop.stall.age')}) > ${thresholds.loopStoppedSeconds}` +
      ` and on (job, instance) ${metric('process.uptime')} > ${seconds(thresholds.bootSeconds)}`,
    forSeconds: 0,
    firesWhen: `an event loop has stood still for more than ${thresholds.loopStoppedSeconds} s, in a process that is older than ${thresholds.bootSeconds} s`,
    summary: `The event loop of ${where} has stood still for {{ $value | humanizeDuration }}`,
    description:
      'Thread {{ $labels.thread }} answers nothing: no request, no health check, no timer. The code that holds it is on /stalls of the instance now, while it still holds it.',
    dashboard: 'loopscope-instance',
  },
  {
    name: 'LoopscopeStallsBurnFast',
    severity: 'critical',
    expression: (context) => burns(context, fastBurn),
    forSeconds: spans.burnForSeconds,
    firesWhen: `an instance loses ${described(fastBurn)}`,
    summary: `${where} loses {{ $value | humanizePercentage }} of its time to stalls`,
    description: `At this pace the budget of ${percent(thresholds.stallBudget)} for 30 days is gone in days. Every request in hand waits out each stall. The dashboard Stalls names the code.`,
    dashboard: 'loopscope-stalls',
  },
  {
    name: 'LoopscopeFileDescriptorsRunOut',
    severity: 'critical',
    expression: () =>
      `max by (job, instance) (${metric('process.unix.file_descriptor.count')}) / max by (job, instance) (${metric('loopscope.process.file_descriptor.limit')}) > ${thresholds.fileDescriptors}`,
    forSeconds: spans.fileDescriptorsForSeconds,
    firesWhen: `more than ${percent(thresholds.fileDescriptors)} of the file descriptors that the process may open are open, for ${span(spans.fileDescriptorsForSeconds)}`,
    summary: `${where} has {{ $value | humanizePercentage }} of its file descriptors open`,
    description:
      'Once the limit is reached, the process takes no connection and opens no file (EMFILE). Usually a leak of sockets or files: the handles by type tell which.',
    dashboard: 'loopscope-instance',
  },
  {
    name: 'LoopscopeStallsBurnSlow',
    severity: 'warning',
    expression: (context) => burnsByJob(context, slowBurn),
    forSeconds: spans.burnForSeconds,
    firesWhen: `the instances of a job lose, on average, ${described(slowBurn)}`,
    summary: '{{ $labels.job }} loses {{ $value | humanizePercentage }} of its time to stalls',
    description: `Nobody has to wake up, but the budget of ${percent(thresholds.stallBudget)} will not last. The dashboard Stalls ranks the code by the time it costs.`,
    dashboard: 'loopscope-stalls',
  },
  {
    name: 'LoopscopeLoopSaturated',
    severity: 'warning',
    expression: ({ recorded }) => `${recorded(activeShare)} > ${thresholds.loopSaturated}`,
    forSeconds: spans.saturatedForSeconds,
    firesWhen: `an event loop is active for more than ${percent(thresholds.loopSaturated)} of the time, for ${span(spans.saturatedForSeconds)}`,
    summary: `The event loop of ${where} is active {{ $value | humanizePercentage }} of the time`,
    description:
      'Thread {{ $labels.thread }} has no room left: what arrives queues, and each burst adds to the delay. Add instances, or take work off the loop.',
    dashboard: 'loopscope-instance',
  },
  {
    name: 'LoopscopeThreadPoolSaturated',
    severity: 'warning',
    expression: (context) =>
      `max by (job, instance) (avg_over_time(${metric('loopscope.threadpool.saturated')}[${context.span(spans.rateSeconds)}])) > ${thresholds.threadPoolSaturated}`,
    forSeconds: spans.threadPoolForSeconds,
    firesWhen: `libuv's thread pool had no free thread in more than ${percent(thresholds.threadPoolSaturated)} of the readings of ${span(spans.rateSeconds)}, for ${span(spans.threadPoolForSeconds)}`,
    summary: `libuv's thread pool of ${where} is saturated`,
    description:
      'Files, DNS lookups, crypto and compression wait for a free thread while the loop looks idle. The dashboard Instance shows which jobs fill the pool and how long others wait.',
    dashboard: 'loopscope-instance',
  },
  {
    name: 'LoopscopeLeakSuspected',
    severity: 'warning',
    expression: () =>
      `max by (job, instance, thread, kind, type) (${metric('loopscope.leak.suspected')}) > 0`,
    forSeconds: spans.leakForSeconds,
    firesWhen: `the agent suspects a leak of handles or tasks of one type, for ${span(spans.leakForSeconds)}`,
    summary: `${where} seems to leak {{ $labels.kind }}s of type {{ $labels.type }}`,
    description:
      'Their number has grown without falling back. Each keeps memory alive; sockets and files also take descriptors. The dashboard Instance shows since when.',
    dashboard: 'loopscope-instance',
  },
  {
    name: 'LoopscopeGcPressure',
    severity: 'warning',
    expression: ({ recorded }) => `${recorded(gcShare)} > ${thresholds.gcPressure}`,
    forSeconds: spans.gcForSeconds,
    firesWhen: `garbage collection takes more than ${percent(thresholds.gcPressure)} of a thread's time, for ${span(spans.gcForSeconds)}`,
    summary: `${where} spends {{ $value | humanizePercentage }} of its time in garbage collection`,
    description:
      'The loop stands still in each collection. Either the live heap is close to its limit, or garbage is made faster than it can be cleared away.',
    dashboard: 'loopscope-instance',
  },
  {
    name: 'LoopscopeThrottledAndStalling',
    severity: 'warning',
    expression: ({ recorded }) =>
      `${recorded(throttledShare)} > ${thresholds.throttled} and on (job, instance) ${recorded(stallShare)} > ${thresholds.throttledStalling}`,
    forSeconds: spans.throttledForSeconds,
    firesWhen: `the CPU limit throttles more than ${percent(thresholds.throttled)} of the periods and stalls take more than ${percent(thresholds.throttledStalling)} of the time, for ${span(spans.throttledForSeconds)}`,
    summary: `${where} is throttled in {{ $value | humanizePercentage }} of the periods, and its loop stalls`,
    description:
      'The container uses up its share of CPU and is stopped until the next period; no code is to blame for these stalls. Raise the limit, or spend less CPU.',
    dashboard: 'loopscope-instance',
  },
  {
    name: 'LoopscopeAgentDown',
    severity: 'warning',
    expression: (context) =>
      `max by (job, instance) (up) == 0 and on (job, instance) group by (job, instance) (last_over_time(${metric('loopscope.agent.starts')}[${context.span(spans.agentKnownSeconds)}]))`,
    forSeconds: spans.agentDownForSeconds,
    firesWhen: `a target that answered within the last ${span(spans.agentKnownSeconds)} has not answered a scrape for ${span(spans.agentDownForSeconds)}`,
    summary: `Loopscope on ${where} does not answer`,
    description:
      'The process is gone, or the agent has stepped down after three crashes: then the service runs on, unwatched, and its standard error says so.',
    dashboard: 'loopscope-agent',
  },
  {
    name: 'LoopscopeJobSilent',
    severity: 'warning',
    expression: (context) => {
      const starts = metric('loopscope.agent.starts');
      const known = context.span(spans.agentKnownSeconds);
      return `group by (job) (last_over_time(${starts}[${known}])) unless on (job) group by (job) (${starts}) unless on (job) group by (job) (last_over_time(up[${known}]))`;
    },
    forSeconds: spans.agentDownForSeconds,
    firesWhen: `no instance of a job that pushes has reported for ${span(spans.agentDownForSeconds)}, and one did within the last ${span(spans.agentKnownSeconds)}`,
    summary: 'No instance of {{ $labels.job }} reports any more',
    description:
      'Pushed metrics have no target that could be down; a whole job that falls silent means that the service, the Collector or the way between them is gone.',
    dashboard: 'loopscope-agent',
  },
  {
    name: 'LoopscopeAgentRestarting',
    severity: 'warning',
    expression: (context) => {
      const starts = metric('loopscope.agent.starts');
      return `max by (job, instance) (${starts} - min_over_time(${starts}[${context.span(spans.agentRestartSeconds)}])) > 0`;
    },
    forSeconds: 0,
    firesWhen: `the agent has been started again within the last ${span(spans.agentRestartSeconds)}, in a process that went on`,
    summary: `Loopscope's agent on ${where} was restarted {{ $value }} times`,
    description:
      'The agent thread crashed and was started anew; the application was not touched. After three crashes within ten minutes it stays off.',
    dashboard: 'loopscope-agent',
  },
];

function burns({ recorded }: RuleContext, windows: readonly BurnWindow[]): string {
  return windows
    .map(({ rate, longSeconds, shortSeconds }) => {
      const limit = budgetTimes(rate);
      const [short, long] = [shortSeconds, longSeconds].map((seconds) => {
        const recording = instanceStallShares.get(seconds);
        return recording === undefined ? '' : recorded(recording);
      });
      return `(${short} > ${limit} and ${long} > ${limit})`;
    })
    .join(' or ');
}

/** A job that is younger than half of the long window is not judged by it: an average of minutes is no trend. */
function burnsByJob({ averaged, earlier }: RuleContext, windows: readonly BurnWindow[]): string {
  return windows
    .map(({ rate, longSeconds, shortSeconds }) => {
      const limit = budgetTimes(rate);
      const above = (seconds: number): string => `${averaged(jobStallShare, seconds)} > ${limit}`;
      return `(${above(shortSeconds)} and ${above(longSeconds)} and on (job) ${earlier(jobStallShare, longSeconds / 2)})`;
    })
    .join(' or ');
}

function described(windows: readonly BurnWindow[]): string {
  const parts = windows.map(
    ({ rate, longSeconds, shortSeconds }) =>
      `more than ${percent(budgetTimes(rate))} of its time to stalls over ${span(longSeconds)} and over the last ${span(shortSeconds)}`,
  );
  return parts.join(', or ');
}

function budgetTimes(rate: number): number {
  return Number((rate * thresholds.stallBudget).toPrecision(6));
}
