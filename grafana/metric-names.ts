// Names as Prometheus knows them, from the one catalogue: a query can't speak of what is not emitted.
import { catalogue, prometheusName } from '../packages/sdk/src/telemetry/index.ts';

const names = new Map<string, string>(
  catalogue.map((definition) => [definition.name, prometheusName(definition)]),
);

/** The Prometheus name of a metric, by its OpenTelemetry name. Throws where the catalogue has none. */
export function metric(name: string): string {
  const known = names.get(name);
  if (known === undefined) {
    throw new Error(`the catalogue has no metric ${name}`);
  }
  return known;
}
