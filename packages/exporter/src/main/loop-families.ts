// Every metric of the catalogue as a registry shows it: the names, labels and values of `/metrics`.
import type { HistogramPoint, SnapshotMetric } from '@loopscope/sdk';
import { catalogue, type MetricDefinition, prometheusName } from '@loopscope/sdk/telemetry';
import { type Exemplar, exemplified, type StallExemplars } from '../shared/stall-exemplars.ts';
import type { Family } from './bridged-metric.ts';
import type { Aggregator, Sample } from './registry.ts';

export function loopFamilies(exemplars: StallExemplars): readonly Family[] {
  return (catalogue as readonly MetricDefinition[]).map((definition) => {
    const name = prometheusName(definition);
    const { instrument } = definition;
    return {
      name,
      help: definition.description,
      type: instrument === 'updowncounter' ? 'gauge' : instrument,
      aggregator: aggregatorOf(definition),
      read: ({ metrics }) => {
        const metric = metrics.find((each) => each.name === definition.name);
        return metric === undefined ? [] : samplesOf(name, metric, exemplars);
      },
    };
  });
}

function samplesOf(name: string, metric: SnapshotMetric, exemplars: StallExemplars): Sample[] {
  return metric.instrument === 'histogram'
    ? metric.points.flatMap((point) =>
        histogramSamples(name, labelsOf(point.attributes), point, (bucket) =>
          metric.name === exemplified ? exemplars.find(point.attributes, bucket) : undefined,
        ),
      )
    : metric.points.map(({ attributes, value }) => ({ labels: labelsOf(attributes), value }));
}

/** Attributes as labels, by the rule that the metrics' names follow. */
export function labelsOf(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name.replaceAll(/[^a-zA-Z0-9]+/g, '_'), value]),
  );
}

/** The series of one histogram, with counts accumulated. */
export function histogramSamples(
  name: string,
  labels: Readonly<Record<string, string>>,
  { boundaries, counts, count, sum }: HistogramPoint,
  exemplar: (bucket: number) => Exemplar | undefined = () => undefined,
): Sample[] {
  let below = 0;
  const buckets = counts.map((own, bucket) => {
    below += own;
    const found = exemplar(bucket);
    return {
      metricName: `${name}_bucket`,
      labels: { ...labels, le: boundaries[bucket] ?? '+Inf' },
      value: below,
      ...(found !== undefined && { exemplar: found }),
    };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

function aggregatorOf({ name, instrument, unit }: MetricDefinition): Aggregator {
  if (instrument !== 'gauge') {
    return 'sum';
  }
  if (name.endsWith('.min')) {
    return 'min';
  }
  if (name.endsWith('.max') || name.endsWith('.age') || name.endsWith('.uptime')) {
    return 'max';
  }
  return unit === 's' || unit === '1' ? 'average' : 'sum';
}
