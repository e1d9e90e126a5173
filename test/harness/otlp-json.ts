// What an application pushed by OTLP in JSON, in a form that two runs can be compared in.
import type { Collector } from './collector.ts';

export interface Scoped {
  readonly scope: { readonly name: string };
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const signals = ['traces', 'metrics', 'logs'] as const;

/** Bodies of the pushes of the application's own SDK, as they came: ours have a resource of their own. */
export function jsonBodies(collector: Collector, signal: (typeof signals)[number]): readonly Json[] {
  return collector
    .bodies(`/v1/${signal}`)
    .map(String)
    .filter((text) => text.startsWith('{') && text.includes('"stringValue":"shop"'))
    .map((text) => JSON.parse(text) as Json);
}

/** Every object with these keys, at any depth. */
export function findAll<Found>(value: Json, ...keys: readonly string[]): readonly Found[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inner = Object.values(value).flatMap((each) => findAll<Found>(each, ...keys));
  return keys.every((key) => Object.hasOwn(value, key)) ? [value as Found, ...inner] : inner;
}

/** The text of all three signals with ids, times and all that is of one process alone taken out. */
export function comparable(collector: Collector): readonly string[] {
  return signals.flatMap((signal) => jsonBodies(collector, signal).map((body) => normal(body))).sort();
}

const ownIds = /"(traceId|spanId|parentSpanId)":"[0-9a-f]+"/g;
const moments = /"(\w*[tT]imeUnixNano)":(?:"\d+"|\d+|\{[^}]*\})/g;
const instance = /("service\.instance\.id","value":\{"stringValue":)"[^"]*"/g;

function normal(body: Json): string {
  return JSON.stringify(body)
    .replaceAll(ownIds, '"$1":"id"')
    .replaceAll(moments, '"$1":"time"')
    .replaceAll(instance, '$1"instance"');
}
