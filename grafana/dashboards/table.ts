import * as common from '@grafana/grafana-foundation-sdk/common';
import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as tableSdk from '@grafana/grafana-foundation-sdk/table';
import {
  dataLink,
  dress,
  instantQuery,
  type Link,
  type PanelText,
  refId,
  thresholdsOf,
  type Valued,
} from './panel.ts';

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
