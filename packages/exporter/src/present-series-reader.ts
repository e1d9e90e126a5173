// A reader of what is there now. The JavaScript SDK keeps each series of an observable metric that it has
// ever seen and would show the last gauge of a thread that has ended for ever. So a gauge that is gone
// is observed as NaN (instruments.ts), and left out here.
import { type CollectionResult, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

export abstract class PresentSeriesReader extends MetricReader {
  override async collect(...options: Parameters<MetricReader['collect']>): Promise<CollectionResult> {
    const { resourceMetrics, errors } = await super.collect(...options);
    return { resourceMetrics: withoutGone(resourceMetrics), errors };
  }

  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}

function withoutGone({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  return {
    resource,
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics
        .map((metric) => ({
          ...metric,
          dataPoints: metric.dataPoints.filter(({ value }) => !Number.isNaN(value)),
        }))
        .filter(({ dataPoints }) => dataPoints.length > 0) as typeof metrics,
    })),
  };
}
