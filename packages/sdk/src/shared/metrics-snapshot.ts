// The metrics as they are at one moment, in plain data: what crosses to the application's thread when it
// asks for them, for a registry or a MeterProvider of its own.

/** A value of a gauge, counter or up-down counter. */
export interface ValuePoint {
  /** The series' attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  /** In the metric's unit; of a counter, since its beginning. */
  readonly value: number;
}

/** A histogram since its beginning. */
export interface HistogramPoint {
  /** The series' attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Upper bounds of the buckets, in the metric's unit, rising. */
  readonly boundaries: readonly number[];
  /** By bucket, not accumulated, and one more than there are boundaries. */
  readonly counts: readonly number[];
  /** Of all values. */
  readonly count: number;
  /** In the metric's unit. */
  readonly sum: number;
}

interface SnapshotMetricFace {
  /** The OpenTelemetry name, as in `docs/METRICS.md`. */
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** UCUM. */
  readonly unit: string;
}

/** A metric whose series are one value each. */
export interface ValueMetric extends SnapshotMetricFace {
  /** A counter only rises; an up-down counter may be added up over series, a gauge may not. */
  readonly instrument: 'gauge' | 'counter' | 'updowncounter';
  /** One for each series. */
  readonly points: readonly ValuePoint[];
}

/** A metric whose series are histograms. */
export interface HistogramMetric extends SnapshotMetricFace {
  /** Always `histogram`. */
  readonly instrument: 'histogram';
  /** One for each series. */
  readonly points: readonly HistogramPoint[];
}

/** One metric with all its series; one that has none now is absent from the snapshot. */
export type SnapshotMetric = ValueMetric | HistogramMetric;

/** Every metric at one moment. */
export interface MetricsSnapshot {
  /** When it was taken, in Unix milliseconds. */
  readonly at: number;
  /** Those that have a series, in the order of `docs/METRICS.md`. */
  readonly metrics: readonly SnapshotMetric[];
}

/** What is asked for: the snapshot, or the same as the text that `/metrics` answers. */
export interface Collections {
  readonly snapshot: MetricsSnapshot;
  readonly text: string;
}

export type CollectionForm = keyof Collections;
