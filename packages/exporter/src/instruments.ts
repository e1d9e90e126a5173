// One instrument for each entry of the catalogue, fed from the agent's source. Histograms that the agent keeps
// itself have none: no instrument takes them (histogram-producer.ts).
import { catalogue, type MetricDefinition, type TelemetrySource } from '@loopscope/sdk/telemetry';
import { Instruments } from './shared/instruments.ts';
import type { Meter } from './shared/open-telemetry.ts';

/**
 * Makes the instruments and keeps them fed: observable metrics by one batch callback, so that one
 * collection reads the source once; histograms value by value. Returns the undo.
 */
export function bindInstruments(meter: Meter, source: TelemetrySource): () => void {
  const definitions = (catalogue as readonly MetricDefinition[]).filter(
    ({ aggregated }) => aggregated !== true,
  );
  const instruments = new Instruments(meter, definitions);
  const unfeed = instruments.feed((show) => {
    const present = source.observe();
    show((name) => present.get(name) ?? []);
  });
  const unsubscribe = source.onRecord((name, value, attributes) => {
    instruments.histograms.get(name)?.record(value, attributes);
  });
  return () => {
    unfeed();
    unsubscribe();
  };
}
