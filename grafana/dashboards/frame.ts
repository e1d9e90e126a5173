// What every dashboard has around its panels: variables, annotations, links to the others; and the
// layout, which is computed so that no two panels can overlap.
import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { metric } from '../metric-names.ts';
import { bucketBounds } from '../promql.ts';
import { dataSource } from './panel.ts';
import { series, serving } from './selectors.ts';
import { colours } from './theme.ts';

export interface Section {
  /** A row's heading; the first section needs none. */
  readonly title?: string;
  readonly panels: readonly sdk.Panel[];
}

export interface DashboardOptions {
  readonly uid: 'loopscope-fleet' | 'loopscope-stalls' | 'loopscope-instance' | 'loopscope-agent';
  readonly title: string;
  readonly description: string;
  readonly from: string;
  /** On a fleet single stalls would hide everything else. */
  readonly marksStalls: boolean;
  readonly sections: readonly Section[];
}

const gridWidth = 24;
const longStallSeconds = 1;

export function dashboard(options: DashboardOptions): sdk.Dashboard {
  const builder = new sdk.DashboardBuilder(options.title)
    .uid(options.uid)
    .description(options.description)
    .tags(['loopscope', 'nodejs'])
    .readonly()
    .time({ from: options.from, to: 'now' })
    .timepicker(new sdk.TimePickerBuilder().refreshIntervals(['10s', '30s', '1m', '5m', '15m']))
    .refresh('30s')
    .timezone('browser')
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .variables(variables())
    .annotations(annotations(options.marksStalls))
    .link(
      new sdk.DashboardLinkBuilder('Loopscope')
        .type(sdk.DashboardLinkType.Dashboards)
        .tags(['loopscope'])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true),
    );
  return { ...builder.build(), panels: layOut(options.sections) };
}

function variables(): sdk.QueryVariableBuilder[] {
  const uptime = metric('process.uptime');
  const all = { text: 'All', value: '$__all' };
  const query = (name: string, label: string, text: string): sdk.QueryVariableBuilder =>
    new sdk.QueryVariableBuilder(name)
      .label(label)
      .datasource(dataSource)
      .query(text)
      .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
      .sort(sdk.VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      .allValue('.+')
      .current(all);
  const sourceVariable = new sdk.DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type('prometheus');
  return [
    sourceVariable as unknown as sdk.QueryVariableBuilder,
    query('job', 'Job', `label_values(${uptime}, job)`),
    query('instance', 'Instance', `label_values(${uptime}{job=~"$job"}, instance)`),
  ];
}

function annotations(marksStalls: boolean): sdk.AnnotationQueryBuilder[] {
  const duration = (part: string, matchers: string): string =>
    `increase(${series('loopscope.eventloop.stall.duration', matchers, part)}[1m])`;
  const annotation = (name: string, expr: string, colour: string, text: string): sdk.AnnotationQueryBuilder =>
    new sdk.AnnotationQueryBuilder()
      .name(name)
      .datasource(dataSource)
      .enable(true)
      .iconColor(colour)
      .expr(expr)
      .step('60s')
      .titleFormat(name)
      .textFormat(text)
      .tagKeys('job,instance');
  const restarts = annotation(
    'Process started',
    `${series('process.uptime')} < 60`,
    colours.plain,
    '{{instance}} of {{job}}',
  );
  const long = `sum by (job, instance) (${duration('_count', serving)}) - sum by (job, instance) (${duration('_bucket', `${serving}, ${bucketBounds([longStallSeconds], false)}`)}) > 0`;
  const stalls = annotation(
    `Stall of over ${longStallSeconds} s`,
    long,
    colours.bad,
    '{{instance}} of {{job}}',
  );
  return marksStalls ? [restarts, stalls] : [restarts];
}

/** Left to right, then down; rows add up to the grid's width, or this throws. */
function layOut(sections: readonly Section[]): (sdk.Panel | sdk.RowPanel)[] {
  const placed: (sdk.Panel | sdk.RowPanel)[] = [];
  let y = 0;
  for (const { title, panels } of sections) {
    if (title !== undefined) {
      const row = new sdk.RowBuilder(title).gridPos({ x: 0, y, w: gridWidth, h: 1 });
      placed.push({ ...row.build(), id: placed.length + 1, collapsed: false, panels: [] });
      y += 1;
    }
    let x = 0;
    let lineHeight = 0;
    for (const panel of panels) {
      const { w = gridWidth, h = 8 } = panel.gridPos ?? {};
      placed.push({ ...panel, id: placed.length + 1, gridPos: { x, y, w, h } });
      x += w;
      lineHeight = Math.max(lineHeight, h);
      if (x > gridWidth) {
        throw new Error(`${panel.title ?? 'a panel'} does not fit into its row`);
      }
      if (x === gridWidth) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
    }
    if (x !== 0) {
      throw new Error(`the last row before ${String(title)} ends does not fill the width`);
    }
  }
  return placed;
}
