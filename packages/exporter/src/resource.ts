// What the telemetry says about the process it comes from. No command line, no environment and no
// user name: what leaves beyond this list is what the user names in `OTEL_RESOURCE_ATTRIBUTES`.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { SDK_INFO } from '@opentelemetry/core';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { type Environment, readText, type Say, shown } from './environment.ts';

// The application's own JavaScript SDK drops everything on a longer key or value; the same here, so
// that the two describe the process alike.
const longestAttribute = 255;

/**
 * The attributes of `OTEL_RESOURCE_ATTRIBUTES`: comma-separated `key=value`, percent-encoded. By the
 * specification one malformed entry discards them all: then undefined.
 */
export function parseResourceAttributes(text: string): ReadonlyMap<string, string> | undefined {
  const attributes = new Map<string, string>();
  for (const entry of text.split(',')) {
    if (entry.trim() === '') {
      continue;
    }
    const [rawKey, rawValue, ...rest] = entry.split('=');
    const key = decode(rawKey);
    const value = decode(rawValue);
    if (key === undefined || key === '' || value === undefined || rest.length > 0) {
      return undefined;
    }
    if (key.length > longestAttribute || value.length > longestAttribute) {
      return undefined;
    }
    attributes.set(key, value);
  }
  return attributes;
}

/** The resource of this process, as `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` complete it. */
export function createResource(environment: Environment, say: Say): Resource {
  const attributes = new Map<string, string | number>([
    ['service.name', 'unknown_service:node'],
    ['service.instance.id', randomUuid()],
    ['process.pid', process.pid],
    ['process.runtime.name', 'nodejs'],
    ['process.runtime.version', process.versions.node],
    ['host.name', hostname()],
    ...readResourceAttributes(environment, say),
  ]);
  const serviceName = readText(environment, 'OTEL_SERVICE_NAME');
  if (serviceName !== undefined) {
    attributes.set('service.name', serviceName);
  }
  for (const name of ['telemetry.sdk.name', 'telemetry.sdk.language', 'telemetry.sdk.version'] as const) {
    attributes.set(name, SDK_INFO[name]);
  }
  return resourceFromAttributes(Object.fromEntries(attributes));
}

function readResourceAttributes(environment: Environment, say: Say): ReadonlyMap<string, string> {
  const text = readText(environment, 'OTEL_RESOURCE_ATTRIBUTES');
  if (text === undefined) {
    return new Map();
  }
  const attributes = parseResourceAttributes(text);
  if (attributes === undefined) {
    say(
      `OTEL_RESOURCE_ATTRIBUTES=${shown(text)} is ignored: expected comma-separated key=value pairs, percent-encoded, at most ${longestAttribute} characters each`,
    );
  }
  return attributes ?? new Map();
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
}

// Linux's kernel hands out a random UUID in 0.2 ms; loading node:crypto for one takes 3 to 10 ms of
// the agent's start.
function randomUuid(): string {
  try {
    const uuid = readFileSync('/proc/sys/kernel/random/uuid', 'latin1').trim();
    if (/^[0-9a-f-]{36}$/.test(uuid)) {
      return uuid;
    }
  } catch {
    // Not Linux, or the permission model forbids the file.
  }
  return process.getBuiltinModule('node:crypto').randomUUID();
}
