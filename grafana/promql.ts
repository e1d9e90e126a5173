// The few shapes of PromQL that panels and rules share.

/** A time span as PromQL writes it. */
export function span(seconds: number): string {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    if (seconds >= length && Number.isInteger(seconds / length)) {
      return `${seconds / length}${unit}`;
    }
  }
  return `${Math.max(1, Math.round(seconds * 1000))}ms`;
}

/** A bound of a classic histogram as a matcher: Prometheus 3 writes `1.0` where 2 and OTLP write `1`. */
export function bucketBound(bound: number): string {
  return Number.isInteger(bound) ? `le=~"${bound}|${bound}\\\\.0"` : `le="${bound}"`;
}
