// Loopscope's metrics on one MeterProvider of the application's. Each collection of any of its readers asks the agent
// once; what is new in the histograms is recorded within it, so that all of a collection is of one moment.
import type { HistogramPoint, LoopscopeHandle, MetricsSnapshot } from '@loopscope/sdk';
import { catalogue, type MetricDefinition, type MetricName } from '@loopscope/sdk/telemetry';
import { Instruments } from '../shared/instruments.ts';
import type { MeterProvider } from '../shared/open-telemetry.ts';
import { HistogramDeltas } from './histogram-deltas.ts';
import type { Scope } from './stall-signals.ts';

/** Values recorded in one turn of the loop: some tenths of a millisecond. */
const recordsPerTurn = 500;

export interface BindingOptions {
  /** Whether the names of the semantic conventions are among them. */
  readonly conventions: boolean;
  readonly scope: Scope;
  /** Told of each collection, before its values. */
  readonly collected: () => void;
}

/** Returns the undo. */
export function bindMeter(
  provider: MeterProvider,
  handle: LoopscopeHandle,
  { conventions, scope, collected }: BindingOptions,
): () => void {
  const definitions = (catalogue as readonly MetricDefinition[]).filter(
    ({ source }) => conventions || source === 'Loopscope',
  );
  const instruments = new Instruments(provider.getMeter(scope.name, scope.version), definitions);
  const deltas = new HistogramDeltas();
  let recorded: Promise<void> = Promise.resolve();

  const record = async (snapshot: MetricsSnapshot): Promise<void> => {
    let left = recordsPerTurn;
    for (const { metric, point } of histogramPoints(snapshot)) {
      for (const value of deltas.take(metric, point)) {
        instruments.histograms.get(metric)?.record(value, point.attributes);
        left -= 1;
        if (left === 0) {
          left = recordsPerTurn;
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    }
  };

  return instruments.feed(async (show) => {
    collected();
    const snapshot = await handle.collect().catch(() => undefined);
    if (snapshot === undefined) {
      return;
    }
    const values = new Map(
      snapshot.metrics.flatMap((metric) =>
        metric.instrument === 'histogram' ? [] : [[metric.name, metric.points] as const],
      ),
    );
    show((name) => values.get(name) ?? []);
    // One after the other: the second reader's collection has what the first one's is still recording.
    recorded = recorded.then(() => record(snapshot));
    await recorded;
  });
}

function* histogramPoints({
  metrics,
}: MetricsSnapshot): Generator<{ readonly metric: MetricName; readonly point: HistogramPoint }, void, void> {
  for (const { name, instrument, points } of metrics) {
    if (instrument === 'histogram') {
      for (const point of points) {
        yield { metric: name as MetricName, point };
      }
    }
  }
}
