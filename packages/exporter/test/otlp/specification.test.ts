// What the OpenTelemetry specification asks of those who read its variables, statement by statement: "Environment
// Variable Specification" of the SDK, and "OpenTelemetry Protocol Exporter".
import { describe, expect, test } from 'vitest';
import { openTelemetryVariables, otherVariables } from '../../../../scripts/docs/open-telemetry-variables.ts';
import type { Environment } from '../../src/environment.ts';
import { readOtlpConfiguration, readSignalConfiguration } from '../../src/otlp/configuration.ts';
import { logsSignal, tracesSignal } from '../../src/otlp/signals.ts';
import { createResource } from '../../src/resource.ts';

interface Reading {
  readonly metrics: ReturnType<typeof readOtlpConfiguration>;
  readonly logs: ReturnType<typeof readSignalConfiguration>;
  readonly traces: ReturnType<typeof readSignalConfiguration>;
  readonly service: unknown;
  readonly said: readonly string[];
}

function read(environment: Environment): Reading {
  const said: string[] = [];
  const context = { environment, say: (line: string) => said.push(line) };
  return {
    metrics: readOtlpConfiguration(context),
    logs: readSignalConfiguration(logsSignal, context),
    traces: readSignalConfiguration(tracesSignal, context),
    service: createResource(environment, context.say).attributes['service.name'],
    said,
  };
}

const defaults = read({});
const names = openTelemetryVariables.flatMap((each) => each.names);

describe('of every variable', () => {
  test.each(names)('%s: an empty value is as one that is not set', (name) => {
    expect(read({ [name]: '' })).toEqual(defaults);
  });

  test.each(otherVariables.flatMap((each) => each.names))('%s is left to the application', (name) => {
    expect(read({ [name]: 'anything' })).toEqual(defaults);
  });

  test('values of an enumeration may be in any letter case', () => {
    const { metrics, said } = read({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'HTTP/JSON',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'GZip',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Delta',
    });
    expect(metrics).toMatchObject({ protocol: 'http/json', compression: 'gzip', temporality: 'delta' });
    expect(said).toEqual([]);
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http/xml'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'brotli'],
    ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'sometimes'],
    ['OTEL_METRIC_EXPORT_INTERVAL', 'soon'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '-1'],
  ])('%s=%s is no value of it: a warning, and as if it were not set', (name, value) => {
    const { said, ...others } = read({ [name]: value });
    expect({ ...others, said: [] }).toEqual(defaults);
    expect(new Set(said)).toEqual(new Set([expect.stringContaining(`${name}="${value}"`)]));
  });
});

const signals = ['metrics', 'logs', 'traces'] as const;

describe.each(signals)('of the %s', (signal) => {
  const own = (setting: string): string => `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${setting}`;

  test('the defaults are HTTP with protobuf, port 4318 of this host, and 10 s', () => {
    expect(read({})[signal]).toMatchObject({
      protocol: 'http/protobuf',
      url: new URL(`http://localhost:4318/v1/${signal}`),
      timeoutMs: 10_000,
    });
  });

  test.each([
    // A base URL gets the signal's path, whether it ends with a slash or not.
    ['http://collector:4318', undefined, `http://collector:4318/v1/${signal}`],
    ['http://collector:4318/', undefined, `http://collector:4318/v1/${signal}`],
    ['https://example.com/mycollector/', undefined, `https://example.com/mycollector/v1/${signal}`],
    // The signal's own is taken without a change; the root where it has no path.
    ['http://collector:4318', 'https://example.com/own/path', 'https://example.com/own/path'],
    [undefined, 'http://collector:4318', 'http://collector:4318/'],
    [undefined, 'http://collector:4318/v1/others', 'http://collector:4318/v1/others'],
  ])('the endpoint of %s and its own %s is %s', (base, ownUrl, url) => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: base, [own('ENDPOINT')]: ownUrl };
    expect(read(environment)[signal]?.url.href).toBe(url);
  });

  test('its own variables win over those for all', () => {
    expect(
      read({
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        [own('PROTOCOL')]: 'http/json',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
        [own('COMPRESSION')]: 'gzip',
        OTEL_EXPORTER_OTLP_TIMEOUT: '1',
        [own('TIMEOUT')]: '2000',
      })[signal],
    ).toMatchObject({ protocol: 'http/json', compression: 'gzip', timeoutMs: 2000 });
  });

  test('headers are percent-encoded pairs, as in W3C Baggage', () => {
    const environment = { OTEL_EXPORTER_OTLP_HEADERS: 'key1=value1,key2=a%20b%3Dc' };
    expect(read(environment)[signal]?.headers).toEqual({ key1: 'value1', key2: 'a b=c' });
  });
});

describe('of the resource', () => {
  test('the service name has its own variable, which wins', () => {
    expect(defaults.service).toBe('unknown_service:node');
    expect(read({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=b' }).service).toBe('b');
    expect(read({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=b', OTEL_SERVICE_NAME: 'a' }).service).toBe('a');
  });

  test('an attribute that can’t be decoded discards them all, and is told', () => {
    const { service, said } = read({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=b,c=%ZZ' });
    expect(service).toBe('unknown_service:node');
    expect(said).toEqual([expect.stringMatching(/^OTEL_RESOURCE_ATTRIBUTES=.* is ignored: /)]);
  });
});

describe('of the metric reader', () => {
  test('the interval is 60 s and the timeout 30 s, of which the exporter’s 10 s is the lesser', () => {
    expect(defaults.metrics).toMatchObject({ intervalMs: 60_000, timeoutMs: 10_000 });
    const environment = { OTEL_EXPORTER_OTLP_TIMEOUT: '40000' };
    expect(read(environment).metrics?.timeoutMs).toBe(30_000);
    expect(read({ ...environment, OTEL_METRIC_EXPORT_TIMEOUT: '35000' }).metrics?.timeoutMs).toBe(35_000);
    expect(read({ OTEL_METRIC_EXPORT_INTERVAL: '5000' }).metrics?.intervalMs).toBe(5000);
  });
});
