import { type MetricData, MetricReader } from '@opentelemetry/sdk-metrics';
import { expect } from 'vitest';

/** Reads when it is told to. */
export class Reader extends MetricReader {
  /** The metrics of one collection by name; fails where the collection has errors. */
  async read(): Promise<ReadonlyMap<string, MetricData>> {
    const { resourceMetrics, errors } = await this.collect();
    expect(errors).toEqual([]);
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
  }
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
