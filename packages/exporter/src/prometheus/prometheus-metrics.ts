// Turns collected metrics into what the text serializer of OpenTelemetry should print: names with
// unit suffixes, as an OTLP-fed Prometheus shows them, and a `target_info` that Prometheus accepts.

import { catalogue, prometheusName } from '@loopscope/sdk/telemetry';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';

const prometheusNames = new Map<string, string>(
  catalogue.map((definition) => [definition.name, prometheusName(definition)]),
);

/** The same metrics under their Prometheus names, with the labels of `target_info` in place of the resource. */
export function toPrometheusMetrics(metrics: ResourceMetrics, targetInfo: Resource): ResourceMetrics {
  return {
    resource: targetInfo,
    scopeMetrics: metrics.scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(rename) })),
  };
}

// Without its unit, for which the serializer would print a line that the text format 0.0.4 lacks.
function rename(metric: MetricData): MetricData {
  const name = prometheusNames.get(metric.descriptor.name) ?? metric.descriptor.name;
  return { ...metric, descriptor: { ...metric.descriptor, name, unit: '' } };
}

/**
 * The resource with attribute names that are valid and distinct as labels. The serializer would let
 * `1st` pass, and give `a.b` and `a_b` the same label: either makes Prometheus refuse the whole
 * scrape. Values of names that collide are joined by `;` in the order of the names, as the
 * specification asks.
 */
export function targetInfoOf(resource: Resource): Resource {
  const labels = new Map<string, string>();
  for (const [key, value] of Object.entries(resource.attributes).sort(byKey)) {
    const label = labelName(key);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const earlier = labels.get(label);
    labels.set(label, earlier === undefined ? text : `${earlier};${text}`);
  }
  return resourceFromAttributes(Object.fromEntries(labels));
}

function labelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9]+/g, '_');
  return /^[0-9]/.test(name) ? `key_${name}` : name;
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
