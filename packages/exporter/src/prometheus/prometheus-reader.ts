// The reader behind `/metrics`. However many ask in one turn of the agent's loop share one collection:
// it starts in the turn's check phase, after all requests that had arrived were parsed, so nobody is
// given readings from before they asked.
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { Resource } from '@opentelemetry/resources';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { PresentSeriesReader } from '../present-series-reader.ts';
import { targetInfoOf, toPrometheusMetrics } from './prometheus-metrics.ts';

/** Collects on demand and writes the Prometheus text format 0.0.4. */
export class PrometheusReader extends PresentSeriesReader {
  // No scope labels on each series; `target_info` is kept.
  readonly #serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  readonly #onError: (error: unknown) => void;
  #targetInfo: Resource | undefined;
  #pending: Promise<Buffer> | undefined;

  /**
   * @param onError told of whatever kept a metric from being collected; the others are still written.
   * @param metricProducers of metrics that no instrument gives.
   */
  constructor(onError: (error: unknown) => void, metricProducers: MetricProducer[] = []) {
    super({ metricProducers });
    this.#onError = onError;
  }

  /** The present metrics as text; one buffer for all who asked in the same turn. */
  scrape(): Promise<Buffer> {
    this.#pending ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#read())
      .finally(() => {
        this.#pending = undefined;
      });
    return this.#pending;
  }

  async #read(): Promise<Buffer> {
    const { resourceMetrics, errors } = await this.collect();
    errors.forEach(this.#onError);
    this.#targetInfo ??= targetInfoOf(resourceMetrics.resource);
    const text = this.#serializer.serialize(toPrometheusMetrics(resourceMetrics, this.#targetInfo));
    return Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  }
}
