import * as common from '@grafana/grafana-foundation-sdk/common';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import * as statSdk from '@grafana/grafana-foundation-sdk/stat';
import { dress, instantQuery, type PanelText, type Valued } from './panel.ts';

export interface StatOptions extends PanelText, Valued {
  readonly expr: string;
  /** Shown where there is no series: often that is what good looks like. */
  readonly none?: string;
}

export function stat(options: StatOptions): sdk.Panel {
  const panel = dress(new statSdk.PanelBuilder(), options, options)
    .targets([instantQuery({ expr: options.expr, legend: options.title }, 0)])
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
  return (options.none === undefined ? panel : panel.noValue(options.none)).build();
}
