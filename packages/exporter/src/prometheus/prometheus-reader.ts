// The reader behind `/metrics`, and behind what the application itself asks for: the same values, as text or
// as data. However many ask in one turn of the agent's loop share one collection: it starts in the turn's check phase, after all requests that had arrived were parsed, so nobody is
// given readings from before they asked.

import type { MetricsSnapshot, TelemetrySource } from '@loopscope/sdk/telemetry';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { Resource } from '@opentelemetry/resources';
import { DataPointType, type MetricProducer, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { PresentSeriesReader } from '../present-series-reader.ts';
import { type Exemplar, exemplified, StallExemplars } from '../shared/stall-exemplars.ts';
import type { TextFormat } from '../shared/text-format.ts';
import { toSnapshot } from '../snapshot.ts';
import { toOpenMetrics } from './open-metrics.ts';
import { targetInfoOf, toPrometheusMetrics } from './prometheus-metrics.ts';

export interface PrometheusReaderParts {
  /** Told of whatever kept a metric from being collected; the others are still written. */
  onError(error: unknown): void;
  /** Of the stalls whose traces become exemplars. */
  readonly onStall: TelemetrySource['onStall'];
}

/** Collects on demand and writes the Prometheus text format 0.0.4, or OpenMetrics 1.0. */
export class PrometheusReader extends PresentSeriesReader {
  // No scope labels on each series; `target_info` is kept.
  readonly #serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  readonly #exemplars = new StallExemplars();
  readonly #onError: PrometheusReaderParts['onError'];
  readonly #unfollow: () => void;
  #targetInfo: Resource | undefined;
  #pending: Promise<ResourceMetrics> | undefined;
  readonly #texts = new Map<TextFormat, Promise<Buffer>>();

  /** @param metricProducers of metrics that no instrument gives. */
  constructor({ onError, onStall }: PrometheusReaderParts, metricProducers: MetricProducer[] = []) {
    super({ metricProducers });
    this.#onError = onError;
    this.#unfollow = this.#exemplars.follow(onStall);
  }

  /** Has it let go of the stalls. */
  release(): void {
    this.#unfollow();
  }

  /** The present metrics as text; one buffer for all who asked for this format in the same turn. */
  scrape(format: TextFormat): Promise<Buffer> {
    const pending = this.#texts.get(format);
    if (pending !== undefined) {
      return pending;
    }
    const text = this.#present()
      .then((metrics) => this.#write(metrics, format))
      .finally(() => this.#texts.delete(format));
    this.#texts.set(format, text);
    return text;
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

  #write(metrics: ResourceMetrics, format: TextFormat): Buffer {
    this.#targetInfo ??= targetInfoOf(metrics.resource);
    const text = this.#serializer.serialize(toPrometheusMetrics(metrics, this.#targetInfo));
    if (format === 'openMetrics') {
      return Buffer.from(toOpenMetrics(text, this.#exemplarsOf(metrics)));
    }
    return Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  }

  #exemplarsOf({ scopeMetrics }: ResourceMetrics): readonly (Exemplar | undefined)[] {
    return scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === exemplified)
      .flatMap((metric) => (metric.dataPointType === DataPointType.HISTOGRAM ? metric.dataPoints : []))
      .flatMap(({ attributes, value }) =>
        value.buckets.counts.map((_, bucket) =>
          this.#exemplars.find(attributes as Readonly<Record<string, string>>, bucket),
        ),
      );
  }
}
