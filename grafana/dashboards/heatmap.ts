import * as common from '@grafana/grafana-foundation-sdk/common';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmapSdk from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { dress, type PanelText, rangeQuery } from './panel.ts';

export interface HeatmapOptions extends PanelText {
  /** Increase of the buckets, by `le`. */
  readonly expr: string;
  /** Grafana's name of the buckets' unit. */
  readonly unit: string;
}

export function heatmap(options: HeatmapOptions): sdk.Panel {
  const query = rangeQuery({ expr: options.expr, legend: '{{le}}' }, 0).format(
    prometheus.PromQueryFormat.Heatmap,
  );
  return dress(new heatmapSdk.PanelBuilder(), options, { unit: options.unit })
    .targets([query])
    .calculate(false)
    .color(
      new heatmapSdk.HeatmapColorOptionsBuilder()
        .mode(heatmapSdk.HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(heatmapSdk.HeatmapColorScale.Exponential)
        .exponent(0.4)
        .steps(64)
        .reverse(false),
    )
    .yAxis(new heatmapSdk.YAxisConfigBuilder().unit(options.unit).axisPlacement(common.AxisPlacement.Left))
    .cellGap(0)
    .showLegend()
    .maxDataPoints(120)
    .build();
}
