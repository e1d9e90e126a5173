// The metrics as they are at one moment, in plain data: what crosses to the application's thread when it
// asks for them, for a registry or a MeterProvider of its own.

/** A value of a gauge, counter or up-down counter. */
export interface ValuePoint {
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A histogram since its beginning. */
export interface HistogramPoint {
  readonly attributes: Readonly<Record<string, string>>;
  /** Upper bounds of the buckets, in the metric's unit, rising. */
  readonly boundaries: readonly number[];
  /** By bucket, not accumulated, and one more than there are boundaries. */
  readonly counts: readonly number[];
  readonly count: number;
  /** In the metric's unit. */
  readonly sum: number;
}

interface SnapshotMetricFace {
  /** The OpenTelemetry name, as in `docs/METRICS.md`. */
  readonly name: string;
  readonly description: string;
  /** UCUM. */
  readonly unit: string;
}

/** One metric with all its series; one that has none now is absent from the snapshot. */
export type SnapshotMetric =
  | (SnapshotMetricFace & {
      readonly instrument: 'gauge' | 'counter' | 'updowncounter';
      readonly points: readonly ValuePoint[];
    })
  | (SnapshotMetricFace & { readonly instrument: 'histogram'; readonly points: readonly HistogramPoint[] });

export interface MetricsSnapshot {
  /** When it was taken, in Unix milliseconds. */
  readonly at: number;
  readonly metrics: readonly SnapshotMetric[];
}

/** What is asked for: the snapshot, or the same as the text that `/metrics` answers. */
export interface Collections {
  readonly snapshot: MetricsSnapshot;
  readonly text: string;
}

export type CollectionForm = keyof Collections;
