// The trace of the latest stall in each bucket of the histogram of stalls, for whoever writes OpenMetrics.
import {
  catalogue,
  type MetricDefinition,
  type MetricName,
  type Stall,
  type StallEvent,
} from '@loopscope/sdk/telemetry';

export interface Exemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** The metric that has exemplars. */
export const exemplified = 'loopscope.eventloop.stall.duration' satisfies MetricName;
const boundaries =
  (catalogue as readonly MetricDefinition[]).find(({ name }) => name === exemplified)?.buckets ?? [];

export class StallExemplars {
  /** By series and bucket: no more than there are of these. */
  readonly #latest = new Map<string, Exemplar>();

  /** Listens until the undo that it returns is called. */
  follow(onStall: (listener: (event: StallEvent) => void) => () => void): () => void {
    return onStall(({ type, stall }) => {
      if (type === 'closed') {
        this.#add(stall);
      }
    });
  }

  // What a debugger held up is not in the histogram, and a trace that is not recorded can't be looked at.
  #add({ cause, phase, thread, span, durationMs, startedAt, inspectorOpen }: Stall): void {
    if (span?.sampled !== true || inspectorOpen) {
      return;
    }
    const value = durationMs / 1000;
    const bucket = boundaries.findIndex((bound) => value <= bound);
    this.#latest.set(
      keyOf({ cause, phase, thread: thread.name }, bucket === -1 ? boundaries.length : bucket),
      {
        labelSet: { trace_id: span.traceId, span_id: span.spanId },
        value,
        timestamp: (startedAt + durationMs) / 1000,
      },
    );
  }

  /** That of a series' bucket, counted from 0. */
  find(attributes: Readonly<Record<string, string>>, bucket: number): Exemplar | undefined {
    return this.#latest.get(keyOf(attributes, bucket));
  }
}

function keyOf(attributes: Readonly<Record<string, string>>, bucket: number): string {
  const { cause, phase, thread } = attributes;
  return JSON.stringify([cause, phase, thread, bucket]);
}
