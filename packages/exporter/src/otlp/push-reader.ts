import {
  AggregationTemporality,
  InstrumentType,
  type MetricProducer,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { PresentSeriesReader } from '../present-series-reader.ts';
import type { Temporality } from './configuration.ts';

/** Collects when it is told to, in the temporality that the collector is to be given. */
export class PushReader extends PresentSeriesReader {
  /** @param metricProducers of metrics that no instrument gives. */
  constructor(temporality: Temporality, metricProducers: MetricProducer[] = []) {
    super({
      aggregationTemporalitySelector: (type) => temporalityOf(temporality, type),
      metricProducers,
    });
  }
}

/** By the three preferences of the specification. */
export function temporalityOf(preference: Temporality, type: InstrumentType): AggregationTemporality {
  const delta =
    preference === 'delta'
      ? type !== InstrumentType.UP_DOWN_COUNTER && type !== InstrumentType.OBSERVABLE_UP_DOWN_COUNTER
      : preference === 'lowmemory' && (type === InstrumentType.COUNTER || type === InstrumentType.HISTOGRAM);
  return delta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
}

export function countPoints({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
}
