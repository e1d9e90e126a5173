// Sizes and phrases that the sections share.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelText } from '../panel.ts';
import { type TimeSeriesOptions, timeSeries } from '../time-series.ts';

export const linux = 'Linux only; absent elsewhere.';
export const cgroups =
  'Linux with control groups, in a container as a rule; absent elsewhere and without a limit.';

/** A third of the width; more than one instance chosen gives one line each. */
export function third(options: Omit<TimeSeriesOptions, 'width' | 'height'>): sdk.Panel {
  return timeSeries({ ...options, width: 8, height: 8 });
}

export const half = { width: 12, height: 8 } as const satisfies Partial<PanelText>;
