// Panels in the one style of these dashboards. What all share is decided here, so that a dashboard's
// own file says only what is asked, why, and what to do about the answer.
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import type * as common from '@grafana/grafana-foundation-sdk/common';
import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
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

export interface Valued {
  /** Grafana's name of the unit. */
  readonly unit: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly steps?: readonly Step[];
  readonly links?: readonly Link[];
}

export const dataSource = { type: 'prometheus', uid: '$datasource' } as const;

// Grafana numbers queries by letters; the sdk does not.
export const refId = (index: number): string => String.fromCharCode(65 + index);

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

export function thresholdsOf(steps: readonly Step[]): cog.Builder<sdk.ThresholdsConfig> {
  return new sdk.ThresholdsConfigBuilder()
    .mode(sdk.ThresholdsMode.Absolute)
    .steps([
      { value: null, color: steps.length === 0 ? colours.plain : colours.good },
      ...steps.map(({ from, colour }) => ({ value: from, color: colour })),
    ]);
}

export function dress<T extends AnyPanelBuilder<T>>(builder: T, text: PanelText, valued: Valued): T {
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

export function rangeQuery({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(refId(index))
    .datasource(dataSource)
    .expr(expr)
    .legendFormat(legend)
    .range();
}

export function instantQuery({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(refId(index))
    .datasource(dataSource)
    .expr(expr)
    .legendFormat(legend)
    .instant();
}

export function fixedColour(fixedColor: string): sdk.DynamicConfigValue {
  return { id: 'color', value: { mode: sdk.FieldColorModeId.Fixed, fixedColor } };
}
