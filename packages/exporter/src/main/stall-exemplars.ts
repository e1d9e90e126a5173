// The trace of the latest stall in each bucket of the histogram of stalls, for registries that write OpenMetrics.
import type { HistogramPoint, LoopscopeHandle, Stall } from '@loopscope/sdk';
import { catalogue, type MetricDefinition, type MetricName } from '@loopscope/sdk/telemetry';
import type { Exemplar } from './registry.ts';

const metric = 'loopscope.eventloop.stall.duration' satisfies MetricName;
const boundaries =
  (catalogue as readonly MetricDefinition[]).find(({ name }) => name === metric)?.buckets ?? [];

export class StallExemplars {
  /** By series and bucket: no more than there are of these. */
  readonly #latest = new Map<string, Exemplar>();

  /** Listens until the undo that it returns is called. */
  follow(handle: LoopscopeHandle): () => void {
    return handle.on('stall', ({ type, stall }) => {
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

  readonly find = (name: string, { attributes }: HistogramPoint, bucket: number): Exemplar | undefined =>
    name === metric ? this.#latest.get(keyOf(attributes, bucket)) : undefined;
}

function keyOf(attributes: Readonly<Record<string, string>>, bucket: number): string {
  const { cause, phase, thread } = attributes;
  return JSON.stringify([cause, phase, thread, bucket]);
}
