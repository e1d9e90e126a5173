// The forms in which metrics are written as text.

/** The Prometheus text format 0.0.4, or OpenMetrics 1.0. */
export type TextFormat = 'prometheus' | 'openMetrics';

export const contentTypes: Readonly<Record<TextFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};
