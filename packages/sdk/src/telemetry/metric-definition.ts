// The shape of a catalogue entry, and the one rule by which its name is written for Prometheus.

export interface MetricDefinition {
  /** The OpenTelemetry name. */
  readonly name: string;
  readonly instrument: 'gauge' | 'counter' | 'updowncounter' | 'histogram';
  /** UCUM, in base units; an annotation such as `{stall}` for things that are counted. */
  readonly unit: string;
  /** One line, as it leaves with the metric. */
  readonly description: string;
  /** What exactly is measured, when, and what it does not see. */
  readonly definition: string;
  /** Where the name and meaning come from. */
  readonly source: 'OpenTelemetry semantic conventions' | 'Loopscope';
  /** Attribute names with their meaning. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
  /** A histogram that the agent keeps itself, and gives as counts by bucket rather than value by value. */
  readonly aggregated?: true;
  /** Where the reading exists; absent, not zero, elsewhere. */
  readonly platforms: 'all' | 'linux';
}

const unitSuffixes: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', ms: 'milliseconds' };

/**
 * The name under which a metric appears in Prometheus, whether scraped or pushed by OTLP: the
 * translation of the OpenTelemetry specification's "Prometheus and OpenMetrics compatibility".
 */
export function prometheusName(definition: Pick<MetricDefinition, 'name' | 'unit' | 'instrument'>): string {
  let name = definition.name.replace(/[^a-zA-Z0-9]+/g, '_');
  const unit =
    definition.unit === '1' && definition.instrument === 'gauge' ? 'ratio' : unitSuffixes[definition.unit];
  if (unit !== undefined && !name.endsWith(`_${unit}`)) {
    name += `_${unit}`;
  }
  return definition.instrument === 'counter' ? `${name}_total` : name;
}
