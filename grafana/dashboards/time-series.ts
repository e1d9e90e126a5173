import * as common from '@grafana/grafana-foundation-sdk/common';
import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import * as timeseriesSdk from '@grafana/grafana-foundation-sdk/timeseries';
import { dress, fixedColour, type PanelText, type Query, rangeQuery, type Valued } from './panel.ts';
import { colours } from './theme.ts';

export interface TimeSeriesOptions extends PanelText, Valued {
  readonly queries: readonly Query[];
  /** Series' colours by name; the classic palette gives the others theirs. */
  readonly colours?: Readonly<Record<string, string>>;
  readonly stacked?: boolean;
  /** At most so many points along the time: fewer where a query reads the whole fleet. */
  readonly points?: number;
  /** Names of series that are drawn as a dashed grey line: limits. */
  readonly limits?: readonly string[];
}

export function timeSeries(options: TimeSeriesOptions): sdk.Panel {
  const { queries, stacked = false, limits = [], steps = [] } = options;
  const panel = dress(new timeseriesSdk.PanelBuilder(), options, { min: 0, ...options })
    .targets(queries.map(rangeQuery))
    .drawStyle(common.GraphDrawStyle.Line)
    .lineInterpolation(stacked ? common.LineInterpolation.StepAfter : common.LineInterpolation.Linear)
    .lineWidth(1)
    .fillOpacity(stacked ? 60 : 0)
    .showPoints(common.VisibilityMode.Never)
    .stacking(
      new common.StackingConfigBuilder().mode(
        stacked ? common.StackingMode.Normal : common.StackingMode.None,
      ),
    )
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        steps.length === 0 ? common.GraphThresholdsStyleMode.Off : common.GraphThresholdsStyleMode.Dashed,
      ),
    )
    .colorScheme(new sdk.FieldColorBuilder().mode(sdk.FieldColorModeId.PaletteClassic))
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    );
  if (options.points !== undefined) {
    panel.maxDataPoints(options.points);
  }
  for (const [name, colour] of Object.entries(options.colours ?? {})) {
    panel.overrideByName(name, [fixedColour(colour)]);
  }
  for (const name of limits) {
    panel.overrideByName(name, [
      fixedColour(colours.quiet),
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.stacking', value: { mode: common.StackingMode.None, group: 'limit' } },
    ]);
  }
  return panel.build();
}
