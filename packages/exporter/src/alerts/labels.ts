// What tells alerts apart: within a process, between processes, and in the words of Prometheus.
import { hostname } from 'node:os';
import type { Attributes } from '@loopscope/sdk/telemetry';
import { type Environment, readText } from '../environment.ts';
import { parseResourceAttributes } from '../resource.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * `job` and `instance` as Prometheus derives them from a pushed resource. An instance without an id of
 * the user's is named by host and process: the same again after a restart of the agent thread.
 */
export function identityLabels(environment: Environment): Labels {
  const resource = parseResourceAttributes(readText(environment, 'OTEL_RESOURCE_ATTRIBUTES') ?? '');
  const service =
    readText(environment, 'OTEL_SERVICE_NAME') ?? resource?.get('service.name') ?? 'unknown_service:node';
  const namespace = resource?.get('service.namespace');
  return {
    job: namespace === undefined ? service : `${namespace}/${service}`,
    instance:
      resource?.get('service.instance.id') ?? `${resource?.get('host.name') ?? hostname()}:${process.pid}`,
  };
}

/** A series' attributes as labels; where two share a name, the alert's own wins. */
export function seriesLabels(own: Labels, attributes: Attributes): Labels {
  const series = Object.entries(attributes).map(([name, value]) => [
    name.replace(/[^a-zA-Z0-9_]+/g, '_').replace(/^(?=[0-9])/, '_'),
    // A lone surrogate has no UTF-8.
    value.toWellFormed(),
  ]);
  return { ...Object.fromEntries(series), ...own };
}

// FNV-1a, 64 bits: it need be stable, not secret.
const offsetBasis = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

/** 16 hexadecimal digits, equal for equal labels, of which the name is one. */
export function fingerprintOf(labels: Labels): string {
  const entries = Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
  let hash = offsetBasis;
  for (const byte of Buffer.from(JSON.stringify(entries))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  }
  return hash.toString(16).padStart(16, '0');
}
