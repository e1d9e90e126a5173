// Every figure at which a colour changes or an alert fires. Rules, dashboards and the Grafana-managed
// version of the alerts are generated from this file: change a figure here and run `npm run docs`.

const minutes = (count: number): number => count * 60;
const hours = (count: number): number => count * 3600;

/** Shares are of 1, times in seconds. */
export const thresholds = {
  /** Age of a stall in progress. Load balancers commonly give a health check 5 s: from there on it fails. */
  loopStoppedSeconds: 5,
  /**
   * Boots block for long and serve nobody meanwhile: a stall this early in a process's life is no page.
   * The metric of the age does not tell the phase.
   */
  bootSeconds: 60,

  /** Share of time that may be lost to stalls over 30 days: the budget that burn rates are measured against. */
  stallBudget: 0.01,

  /** A loop that is active for this share of the time queues most of what arrives. */
  loopSaturated: 0.9,
  loopBusy: 0.7,

  /** 99th percentile of the delay: noticed by users; as long as a stall is at default settings. */
  delayNoticedSeconds: 0.05,
  delayBadSeconds: 0.1,

  /** Share of readings in which the thread pool had a queue and no free thread. */
  threadPoolSaturated: 0.8,
  threadPoolWaitNoticedSeconds: 0.05,
  threadPoolWaitBadSeconds: 0.25,

  /** Share of time in garbage collection. */
  gcNoticed: 0.05,
  gcPressure: 0.1,

  /** Share of the control group's scheduling periods in which it was throttled. */
  throttled: 0.25,
  /** Throttling alone harms nobody: only with this share of time lost to stalls beside it. */
  throttledStalling: 0.01,

  /** Share of the descriptors that the process may open. */
  fileDescriptors: 0.8,

  /** CPU time of the agent thread per second. */
  agentCpuNoticed: 0.02,
  agentCpuBad: 0.05,
} as const;

/** One pair of windows: the long one tells that it matters, the short one that it still goes on. */
export interface BurnWindow {
  /** How many times faster than the budget allows. */
  readonly rate: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
}

/** At 14.4 the budget of 30 days lasts two days, at 6 five days: somebody has to look now. */
export const fastBurn: readonly BurnWindow[] = [
  { rate: 14.4, longSeconds: hours(1), shortSeconds: minutes(5) },
  { rate: 6, longSeconds: hours(6), shortSeconds: minutes(30) },
];

/** At 3 it lasts ten days, at 1 just the month: somebody has to look this week. */
export const slowBurn: readonly BurnWindow[] = [
  { rate: 3, longSeconds: hours(24), shortSeconds: hours(2) },
  { rate: 1, longSeconds: hours(72), shortSeconds: hours(6) },
];

/** Over what time rates are taken, and how long a condition has to hold before its alert fires. */
export const spans = {
  rateSeconds: minutes(5),
  burnForSeconds: minutes(2),
  saturatedForSeconds: minutes(10),
  threadPoolForSeconds: minutes(5),
  leakForSeconds: minutes(10),
  gcForSeconds: minutes(10),
  throttledForSeconds: minutes(10),
  fileDescriptorsForSeconds: minutes(5),
  agentDownForSeconds: minutes(5),
  /** For how long after its last answer a target that is down is still taken for one of ours. */
  agentKnownSeconds: hours(1),
  agentRestartSeconds: minutes(30),
} as const;
