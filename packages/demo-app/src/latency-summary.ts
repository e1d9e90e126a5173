// What a spell of load says of the service's latency.

export interface LatencySummary {
  readonly requests: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

/** Whole milliseconds; zeros where nothing was answered. */
export function summarizeLatencies(latenciesMs: readonly number[]): LatencySummary {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return {
    requests: sorted.length,
    medianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    slowestMs: Math.round(sorted.at(-1) ?? 0),
  };
}
