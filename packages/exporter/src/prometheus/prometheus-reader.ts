// The reader behind `/metrics`, and behind what the application itself asks for: the same values, as text or
// as data. However many ask in one turn of the agent's loop share one collection: it starts in the turn's check phase, after all requests that had arrived were parsed, so nobody is
// given readings from before they asked.

import type { MetricsSnapshot } from '@loopscope/sdk/telemetry';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { Resource } from '@opentelemetry/resources';
import type { MetricProducer, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { PresentSeriesReader } from '../present-series-reader.ts';
import { toSnapshot } from '../snapshot.ts';
import { targetInfoOf, toPrometheusMetrics } from './prometheus-metrics.ts';

/** Collects on demand and writes the Prometheus text format 0.0.4. */
export class PrometheusReader extends PresentSeriesReader {
  // No scope labels on each series; `target_info` is kept.
  readonly #serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  readonly #onError: (error: unknown) => void;
  #targetInfo: Resource | undefined;
  #pending: Promise<ResourceMetrics> | undefined;
  #text: Promise<Buffer> | undefined;

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
    this.#text ??= this.#present()
      .then((metrics) => this.#write(metrics))
      .finally(() => {
        this.#text = undefined;
      });
    return this.#text;
  }

  /** The same as data, under OpenTelemetry's names. */
  async snapshot(): Promise<MetricsSnapshot> {
    return toSnapshot(await this.#present(), Date.now());
  }

  #present(): Promise<ResourceMetrics> {
    this.#pending ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.collect())
      .then(({ resourceMetrics, errors }) => {
        errors.forEach(this.#onError);
        return resourceMetrics;
      })
      .finally(() => {
        this.#pending = undefined;
      });
    return this.#pending;
  }

  #write(metrics: ResourceMetrics): Buffer {
    this.#targetInfo ??= targetInfoOf(metrics.resource);
    const text = this.#serializer.serialize(toPrometheusMetrics(metrics, this.#targetInfo));
    return Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  }
}
