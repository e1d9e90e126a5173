// What we need of a registry of `prom-client` 15 or `@prometheus-io/client` 0.16, and what such a registry
// needs of a metric. By shape, so that neither package is loaded: the registry is the application's.
import type { Exemplar } from '../shared/stall-exemplars.ts';

/** How series of one name from several processes become one, in an AggregatorRegistry. */
export type Aggregator = 'sum' | 'average' | 'min' | 'max' | 'first' | 'omit';

export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Where it differs from the metric's: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly metricName?: string;
  readonly exemplar?: Exemplar;
}

/** What a metric answers when it is collected. */
export interface MetricObject {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly aggregator: Aggregator;
  readonly values: Sample[];
}

/** A registry of `prom-client` 15 or of `@prometheus-io/client` 0.16. */
export interface MetricRegistry {
  /** The format that it writes. */
  readonly contentType: string;
  /** Adds a metric. Each package asks for its own classes here. */
  registerMetric(metric: never): void;
  /** The metric of this name, or undefined. */
  getSingleMetric(name: string): unknown;
  /** Takes the metric of this name out. */
  removeSingleMetric(name: string): void;
}

export function isRegistry(value: unknown): value is MetricRegistry {
  const registry = value as Partial<MetricRegistry> | null | undefined;
  return (
    typeof registry?.registerMetric === 'function' &&
    typeof registry.getSingleMetric === 'function' &&
    typeof registry.removeSingleMetric === 'function'
  );
}
