// The colours, each with one meaning on every dashboard.
export const colours = {
  good: 'green',
  noticed: 'yellow',
  bad: 'red',
  /** A quantity that is neither good nor bad. */
  plain: 'blue',
  /** What is there beside the subject: limits, the rest. */
  quiet: '#8e8e8e',
} as const;

/** Of a stall. */
export const causeColours: Readonly<Record<string, string>> = {
  cpu: 'red',
  gc: 'purple',
  'sync-io': 'orange',
  microtasks: 'yellow',
  starved: 'blue',
  unknown: colours.quiet,
};

/** From light to dark: the worse a percentile, the stronger its colour. */
export const percentileColours: Readonly<Record<string, string>> = {
  p50: 'light-blue',
  median: 'light-blue',
  p90: 'blue',
  p99: 'orange',
  max: 'red',
};
