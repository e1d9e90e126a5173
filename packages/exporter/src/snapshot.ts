// From what the SDK has collected to plain data that can cross to another thread. What kind of metric each
// is, the catalogue knows better than the collected data, in which a gauge and an up-down counter look alike.
import {
  type Attributes,
  catalogue,
  type MetricsSnapshot,
  type SnapshotMetric,
} from '@loopscope/sdk/telemetry';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

const valueInstruments = new Map(
  catalogue.flatMap(({ name, instrument }) =>
    instrument === 'histogram' ? [] : [[name as string, instrument] as const],
  ),
);

export function toSnapshot({ scopeMetrics }: ResourceMetrics, at: number): MetricsSnapshot {
  return { at, metrics: scopeMetrics.flatMap(({ metrics }) => metrics.map(toSnapshotMetric)) };
}

function toSnapshotMetric(data: MetricData): SnapshotMetric {
  const { name, description, unit } = data.descriptor;
  if (data.dataPointType === DataPointType.HISTOGRAM) {
    const points = data.dataPoints.map(({ attributes, value: { buckets, count, sum = 0 } }) => ({
      attributes: attributes as Attributes,
      boundaries: buckets.boundaries,
      counts: buckets.counts,
      count,
      sum,
    }));
    return { name, description, unit, instrument: 'histogram', points };
  }
  const points = data.dataPoints.map(({ attributes, value }) => ({
    attributes: attributes as Attributes,
    value: value as number,
  }));
  return { name, description, unit, instrument: valueInstruments.get(name) ?? 'gauge', points };
}
