// What is printed of many readings. Medians, because one pause of the machine must not decide; and
// with each median how sure it is, because a figure without its spread is a rumour.

/** Readings in few words. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  /** The middle half of the readings lies between these. */
  readonly quartiles: readonly [number, number];
  /** Where the true median lies with 95 % confidence, whatever the distribution. */
  readonly interval: readonly [number, number];
}

export function summarize(readings: readonly number[]): Summary {
  const sorted = ascending(readings);
  const rank = Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2);
  return {
    count: sorted.length,
    median: median(sorted),
    quartiles: [percentile(sorted, 25), percentile(sorted, 75)],
    interval: [at(sorted, rank - 1), at(sorted, sorted.length - rank)],
  };
}

export function median(readings: readonly number[]): number {
  const sorted = ascending(readings);
  const middle = (sorted.length - 1) / 2;
  return (at(sorted, Math.floor(middle)) + at(sorted, Math.ceil(middle))) / 2;
}

/** The smallest reading that at least this share of all readings does not exceed. */
export function percentile(readings: readonly number[], percent: number): number {
  const sorted = ascending(readings);
  return at(sorted, Math.ceil((sorted.length * percent) / 100) - 1);
}

/** Reading by reading, taken in the same round: what drifts over a run drifts in both. */
export function differences(readings: readonly number[], base: readonly number[]): readonly number[] {
  return readings.map((reading, round) => reading - at(base, round));
}

/** As `differences`, for what scales with the machine. */
export function ratios(readings: readonly number[], base: readonly number[]): readonly number[] {
  return readings.map((reading, round) => reading / at(base, round));
}

function ascending(readings: readonly number[]): readonly number[] {
  return readings.toSorted((a, b) => a - b);
}

function at(readings: readonly number[], index: number): number {
  const within = Math.min(Math.max(index, 0), readings.length - 1);
  return readings[within] ?? Number.NaN;
}
