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

/**
 * Chosen bounds of a classic histogram, and its infinite one, as a matcher. Prometheus 3 writes `1.0`
 * where 2 and OTLP write `1`.
 */
export function bucketBounds(bounds: readonly number[], withInfinity = true): string {
  const texts = bounds.map((bound) => {
    const text = String(bound).replace('.', '\\\\.');
    return Number.isInteger(bound) ? `${text}|${text}\\\\.0` : text;
  });
  return `le=~"${[...texts, ...(withInfinity ? ['\\\\+Inf'] : [])].join('|')}"`;
}
