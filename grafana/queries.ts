// Every query of a dashboard as a real Prometheus can be asked it: Grafana's variables filled in.
// Tests, the benchmark and the pictures read the committed JSON through this, as Grafana would.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';

export interface PanelQuery {
  /** `Loopscope / Fleet: Instances`. */
  readonly where: string;
  readonly panel: sdk.Panel;
  readonly refId: string;
  readonly expr: string;
  readonly legend: string;
  readonly instant: boolean;
}

export interface Filling {
  readonly rangeSeconds: number;
  readonly rateIntervalSeconds: number;
  /** Regular expressions, as Grafana writes a choice of several. */
  readonly job?: string;
  readonly instance?: string;
}

/** The panels, those within rows too, without the rows. */
export function panelsOf(dashboard: sdk.Dashboard): readonly sdk.Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) => (isRow(panel) ? panel.panels : [panel]));
}

export function isRow(panel: sdk.Panel | sdk.RowPanel): panel is sdk.RowPanel {
  return panel.type === 'row';
}

/** What the panels ask, as it is written in the dashboard. */
export function queriesOf(dashboard: sdk.Dashboard): readonly PanelQuery[] {
  return panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((target) => {
      const { refId, expr, legendFormat, instant } = target as unknown as {
        refId: string;
        expr: string;
        legendFormat?: string;
        instant?: boolean;
      };
      return {
        where: `${dashboard.title ?? ''}: ${panel.title ?? ''}`,
        panel,
        refId,
        expr,
        legend: legendFormat ?? '',
        instant: instant === true,
      };
    }),
  );
}

/** What the annotations ask, by name. */
export function annotationQueriesOf(dashboard: sdk.Dashboard): ReadonlyMap<string, string> {
  const { list = [] } = dashboard.annotations;
  return new Map(list.map(({ name, expr }) => [`${dashboard.title ?? ''}: ${name}`, expr ?? '']));
}

/** Fills in what Grafana would. Throws where a variable is left over. */
export function fill(expr: string, filling: Filling): string {
  const { rangeSeconds, rateIntervalSeconds, job = '.+', instance = '.+' } = filling;
  const filled = expr
    .replaceAll('$__rate_interval', `${rateIntervalSeconds}s`)
    .replaceAll('$__range', `${rangeSeconds}s`)
    .replaceAll('"$job"', JSON.stringify(job))
    .replaceAll('"$instance"', JSON.stringify(instance));
  if (/\$(?!1")/.test(filled)) {
    throw new Error(`a variable is left in ${filled}`);
  }
  return filled;
}
