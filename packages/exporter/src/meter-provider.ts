// The private MeterProvider of the agent thread, one for all ways out. It is never registered
// globally: the application's own OpenTelemetry must not notice it.

import type { TelemetrySource } from '@loopscope/sdk/telemetry';
import type { Resource } from '@opentelemetry/resources';
import { type AggregationTemporality, type IMetricReader, MeterProvider } from '@opentelemetry/sdk-metrics';
import { HistogramProducer } from './histogram-producer.ts';
import { bindInstruments } from './instruments.ts';

const scopeName = '@loopscope/sdk';

/**
 * Feeds the source's metrics to the readers. Each reader keeps its own state, so none takes anything
 * from another. Returns the undo.
 */
export function feedReaders(
  readers: readonly IMetricReader[],
  resource: Resource,
  source: TelemetrySource,
  version: string,
): () => void {
  const provider = new MeterProvider({ resource, readers: [...readers] });
  return bindInstruments(provider.getMeter(scopeName, version), source);
}

/** For one reader, under the same scope: what a MeterProvider can't give it. */
export function createProducer(
  source: TelemetrySource,
  version: string,
  temporality: AggregationTemporality,
): HistogramProducer {
  return new HistogramProducer(source, { name: scopeName, version }, temporality);
}
