// What the files of a control group say. Pure; undefined where a text does not say it.

export interface CpuStatistics {
  /** Periods in which the group had something to run. */
  readonly periods: number;
  readonly throttledPeriods: number;
  /** Summed over the CPUs on which the group was held back. */
  readonly throttledMs: number;
}

/** CPUs, by version 2's `cpu.max`. */
export function parseCpuMax(text: string): number | undefined {
  const [, quota, period] = /^(\d+) (\d+)\s*$/.exec(text) ?? [];
  return cpus(quota, period);
}

/** CPUs, by version 1's `cpu.cfs_quota_us` and `cpu.cfs_period_us`. */
export function parseCfsQuota(quota: string, period: string): number | undefined {
  return cpus(/^(\d+)\s*$/.exec(quota)?.[1], /^(\d+)\s*$/.exec(period)?.[1]);
}

function cpus(quota: string | undefined, period: string | undefined): number | undefined {
  const limit = Number(quota) / Number(period);
  return Number.isFinite(limit) && limit > 0 ? limit : undefined;
}

/** By `cpu.stat` of either version; one without its CPU controller has no periods. */
export function parseCpuStatistics(text: string): CpuStatistics | undefined {
  const periods = numberAfter(text, 'nr_periods');
  const throttledPeriods = numberAfter(text, 'nr_throttled');
  const microseconds = numberAfter(text, 'throttled_usec');
  const nanoseconds = numberAfter(text, 'throttled_time');
  const throttledMs = microseconds === undefined ? nanoseconds && nanoseconds / 1e6 : microseconds / 1e3;
  return periods === undefined || throttledPeriods === undefined || throttledMs === undefined
    ? undefined
    : { periods, throttledPeriods, throttledMs };
}

/** Above any memory: version 1 writes "no limit" as the largest number of whole pages. */
const noLimit = 2 ** 62;

/** Bytes, by `memory.max`, `memory.current` and their like of version 1. */
export function parseBytes(text: string): number | undefined {
  const bytes = Number(/^(\d+)\s*$/.exec(text)?.[1] ?? Number.NaN);
  return bytes < noLimit ? bytes : undefined;
}

function numberAfter(text: string, name: string): number | undefined {
  const [, digits] = new RegExp(`^${name} (\\d+)$`, 'm').exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
