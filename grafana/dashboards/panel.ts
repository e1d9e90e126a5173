// Panels in the one style of these dashboards. What all share is decided here, so that a dashboard's
// own file says only what is asked, why, and what to do about the answer.
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmapSdk from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as statSdk from '@grafana/grafana-foundation-sdk/stat';
import * as tableSdk from '@grafana/grafana-foundation-sdk/table';
import * as timeseriesSdk from '@grafana/grafana-foundation-sdk/timeseries';
import { colours } from './theme.ts';

export interface Query {
  readonly expr: string;
  /** The series' name; of a table, the column's. */
  readonly legend: string;
}

export interface PanelText {
  readonly title: string;
  /** What is shown. */
  readonly shows: string;
  /** What to do about it. */
  readonly act: string;
  /** The option that fills it, where default settings do not. */
  readonly filledBy?: string;
  readonly width: number;
  readonly height: number;
}

/** A colour from a value on. */
export interface Step {
  readonly from: number;
  readonly colour: string;
}

export interface Link {
  readonly title: string;
  readonly url: string;
  readonly newTab?: boolean;
}

interface Valued {
  /** Grafana's name of the unit. */
  readonly unit: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly steps?: readonly Step[];
  readonly links?: readonly Link[];
}

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

export const dataSource = { type: 'prometheus', uid: '$datasource' } as const;

// Grafana numbers queries by letters; the sdk does not.
const refId = (index: number): string => String.fromCharCode(65 + index);

interface AnyPanelBuilder<T> {
  title(title: string): T;
  description(description: string): T;
  datasource(datasource: common.DataSourceRef): T;
  span(width: number): T;
  height(height: number): T;
  targets(targets: cog.Builder<cog.Dataquery>[]): T;
  unit(unit: string): T;
  thresholds(thresholds: cog.Builder<sdk.ThresholdsConfig>): T;
  decimals(decimals: number): T;
  min(min: number): T;
  max(max: number): T;
  dataLinks(links: cog.Builder<sdk.DashboardLink>[]): T;
}

/** What to show, what to do, and what fills the panel, in the words of every description. */
export function describe({ shows, act, filledBy }: PanelText): string {
  const level = filledBy ?? 'Filled at default settings.';
  return `${shows}\n\n**What to do:** ${act}\n\n**Level:** ${level}`;
}

export function dataLink({ title, url, newTab = false }: Link): cog.Builder<sdk.DashboardLink> {
  return new sdk.DashboardLinkBuilder(title).url(url).targetBlank(newTab);
}

function thresholdsOf(steps: readonly Step[]): cog.Builder<sdk.ThresholdsConfig> {
  return new sdk.ThresholdsConfigBuilder()
    .mode(sdk.ThresholdsMode.Absolute)
    .steps([
      { value: null, color: steps.length === 0 ? colours.plain : colours.good },
      ...steps.map(({ from, colour }) => ({ value: from, color: colour })),
    ]);
}

function dress<T extends AnyPanelBuilder<T>>(builder: T, text: PanelText, valued: Valued): T {
  const { unit, decimals, min, max, steps = [], links = [] } = valued;
  let dressed = builder
    .title(text.title)
    .description(describe(text))
    .datasource(dataSource)
    .span(text.width)
    .height(text.height)
    .unit(unit)
    .thresholds(thresholdsOf(steps));
  dressed = decimals === undefined ? dressed : dressed.decimals(decimals);
  dressed = min === undefined ? dressed : dressed.min(min);
  dressed = max === undefined ? dressed : dressed.max(max);
  return links.length === 0 ? dressed : dressed.dataLinks(links.map(dataLink));
}

function rangeQuery({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(refId(index))
    .datasource(dataSource)
    .expr(expr)
    .legendFormat(legend)
    .range();
}

function instantQuery({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(refId(index))
    .datasource(dataSource)
    .expr(expr)
    .legendFormat(legend)
    .instant();
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

function fixedColour(fixedColor: string): sdk.DynamicConfigValue {
  return { id: 'color', value: { mode: sdk.FieldColorModeId.Fixed, fixedColor } };
}

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

export interface Column extends Valued {
  readonly name: string;
  readonly expr: string;
  readonly width?: number;
}

export interface TableOptions extends PanelText {
  /** Labels that become columns, in order, with their headings. */
  readonly labels: Readonly<Record<string, string>>;
  /** The first sorts the table, worst first. */
  readonly columns: readonly Column[];
  /** By label: where a click leads. */
  readonly labelLinks?: Readonly<Record<string, readonly Link[]>>;
}

/** One row for each set of labels, one column for each query. */
export function table(options: TableOptions): sdk.Panel {
  const { labels, columns, labelLinks = {} } = options;
  const [first] = columns;
  const values = columns.map((column, index) => ({ ...column, field: `Value #${refId(index)}` }));
  const panel = dress(new tableSdk.PanelBuilder(), options, { unit: 'short' })
    .targets(
      columns.map(({ expr, name }, index) =>
        instantQuery({ expr, legend: name }, index).format(prometheus.PromQueryFormat.Table),
      ),
    )
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(
          [...Object.keys(labels), ...fieldNames(columns)].map((field, index) => [field, index]),
        ),
        renameByName: {
          ...labels,
          ...Object.fromEntries(
            fieldNames(columns).map((field, index) => [field, columns[index]?.name ?? '']),
          ),
        },
      },
    })
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(first?.name ?? '').desc(true)])
    .cellHeight(common.TableCellHeight.Sm);
  for (const { name, unit, decimals, steps, width } of values) {
    panel.overrideByName(name, [
      { id: 'unit', value: unit },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
      ...(steps === undefined
        ? []
        : [
            { id: 'thresholds', value: thresholdsOf(steps).build() },
            { id: 'color', value: { mode: sdk.FieldColorModeId.Thresholds } },
            { id: 'custom.cellOptions', value: { type: common.TableCellDisplayMode.ColorText } },
          ]),
    ]);
  }
  for (const [label, links] of Object.entries(labelLinks)) {
    panel.overrideByName(labels[label] ?? label, [
      { id: 'links', value: links.map((link) => dataLink(link).build()) },
    ]);
  }
  return panel.build();
}

// A table of one query calls its only value `Value`, and of several `Value #A`, `Value #B`.
function fieldNames(columns: readonly Column[]): readonly string[] {
  return columns.length === 1 ? ['Value'] : columns.map((_, index) => `Value #${refId(index)}`);
}
