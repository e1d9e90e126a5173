// The `?ms=` of a fault: how long the harm should last, within bounds that keep a demo a demo.

export const shortestFaultMs = 50;
export const longestFaultMs = 10_000;
export const defaultFaultMs = 400;

/** Milliseconds asked for; the default where nothing is asked, undefined where it is out of bounds. */
export function parseFaultMs(value: unknown): number | undefined {
  if (value === undefined) {
    return defaultFaultMs;
  }
  if (typeof value !== 'string' || !/^\d{1,5}$/.test(value)) {
    return undefined;
  }
  const ms = Number(value);
  return ms >= shortestFaultMs && ms <= longestFaultMs ? ms : undefined;
}

/** What to tell whoever asked for something else. */
export function explainFaultMs(name: string, value: unknown): string {
  return `${name} must be a whole number from ${shortestFaultMs} to ${longestFaultMs}, not ${JSON.stringify(value)}`;
}
