// What a real Prometheus answers to every panel of a dashboard.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { fill, queriesOf } from '../queries.ts';
import type { Sample } from '../stack/prometheus-api.ts';
import type { PrometheusServer } from '../stack/prometheus-server.ts';

export interface PanelAnswer {
  readonly refId: string;
  readonly legend: string;
  readonly result: readonly Sample[];
}

export interface PictureAnswers {
  /** By the panel's id. */
  readonly answers: Readonly<Record<number, readonly PanelAnswer[]>>;
  /** Unix seconds. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export interface Period {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly rateIntervalSeconds: number;
  /** Regular expression of the instances; all where absent. */
  readonly instance?: string;
}

export async function askPanels(
  prometheus: PrometheusServer,
  dashboard: sdk.Dashboard,
  { from, to, step, rateIntervalSeconds, instance = '.+' }: Period,
): Promise<PictureAnswers> {
  const answers: Record<number, readonly PanelAnswer[]> = {};
  for (const { panel, refId, legend, expr, instant } of queriesOf(dashboard)) {
    const filled = fill(expr, { rangeSeconds: to - from, rateIntervalSeconds, instance });
    const result = instant
      ? await prometheus.query(filled, to)
      : await prometheus.queryRange(filled, from, to, step);
    const id = panel.id ?? 0;
    answers[id] = [...(answers[id] ?? []), { refId, legend, result }];
  }
  return { answers, from, to, step };
}
