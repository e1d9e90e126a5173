import { describe, expect, test } from 'vitest';
import { type OtlpConfiguration, readOtlpConfiguration } from '../../src/otlp/configuration.ts';

function read(environment: Record<string, string>): {
  configuration: OtlpConfiguration | undefined;
  said: string[];
} {
  const said: string[] = [];
  const configuration = readOtlpConfiguration({
    environment,
    say: (line) => said.push(line),
  });
  return { configuration, said };
}

const urlFor = (environment: Record<string, string>): string | undefined =>
  read(environment).configuration?.url.href;

describe('the defaults', () => {
  test('are those of the specification', () => {
    const { configuration, said } = read({});
    expect(configuration).toEqual({
      url: new URL('http://localhost:4318/v1/metrics'),
      protocol: 'http/protobuf',
      headers: {},
      compression: 'none',
      tls: {},
      temporality: 'cumulative',
      intervalMs: 60_000,
      timeoutMs: 10_000,
    });
    expect(said).toEqual([]);
  });
});

describe('the endpoint', () => {
  test.each([
    ['http://collector:4318', 'http://collector:4318/v1/metrics'],
    ['http://collector:4318/', 'http://collector:4318/v1/metrics'],
    ['https://vendor.example/otlp', 'https://vendor.example/otlp/v1/metrics'],
    ['https://vendor.example/otlp/?key=1', 'https://vendor.example/otlp/v1/metrics?key=1'],
    ['http://[::1]:4318', 'http://[::1]:4318/v1/metrics'],
  ])('%s gets the path of metrics', (endpoint, url) => {
    expect(urlFor({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toBe(url);
  });

  test('of metrics is taken as it is, before the general one', () => {
    const general = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://general:4318' };
    expect(urlFor({ ...general, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://own:1/custom' })).toBe(
      'http://own:1/custom',
    );
    expect(urlFor({ ...general, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://own:1' })).toBe('http://own:1/');
    expect(urlFor({ ...general, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: ' ' })).toBe(
      'http://general:4318/v1/metrics',
    );
  });

  test.each([
    'collector:4318',
    'localhost',
    'ftp://collector',
    'http://',
    'http://[::1',
    '/v1',
    'unix:///run/x',
  ])('%s is malformed: the default holds and one line says so', (endpoint) => {
    const { configuration, said } = read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(configuration?.url.href).toBe('http://localhost:4318/v1/metrics');
    expect(said).toEqual([
      `OTEL_EXPORTER_OTLP_ENDPOINT="${endpoint}" is ignored: expected a URL such as http://localhost:4318`,
    ]);
  });

  test.each([
    'http//user:secret@host',
    'htp://user:secret@host?key=secret',
    'user:secret@host',
    'http://u:secret@[',
  ])('%s is shown without its secrets', (endpoint) => {
    const { said } = read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(said).toHaveLength(1);
    expect(said[0]).not.toContain('secret');
  });
});

describe('headers', () => {
  const headersFor = (text: string): unknown =>
    read({ OTEL_EXPORTER_OTLP_HEADERS: text }).configuration?.headers;

  test('are percent-decoded, lower-cased and cut at baggage properties', () => {
    expect(headersFor('Authorization=Basic%20YTpi==, x-key = v%2C1 ;p=1,')).toEqual({
      authorization: 'Basic YTpi==',
      'x-key': 'v,1',
    });
  });

  test('of metrics go over the general ones', () => {
    const { configuration } = read({
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,B=2',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'b=3',
    });
    expect(configuration?.headers).toEqual({ a: '1', b: '3' });
  });

  test.each(['secret', '=secret', 'a=%secret', 'a b=secret', 'a=sec%0Aret', 'content-length=secret', 'a='])(
    '%s is left out, and the line shows nothing of it',
    (entry) => {
      const { configuration, said } = read({ OTEL_EXPORTER_OTLP_HEADERS: `${entry},good=1` });
      expect(configuration?.headers).toEqual({ good: '1' });
      expect(said).toEqual([
        'an entry of OTEL_EXPORTER_OTLP_HEADERS is ignored (and not shown, since it may be a secret): expected a header as key=value, percent-encoded',
      ]);
    },
  );
});

describe('the protocol', () => {
  test('of metrics goes before the general one', () => {
    const { configuration } = read({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
    });
    expect(configuration?.protocol).toBe('http/json');
  });

  test('grpc keeps the push off, in one line', () => {
    const { configuration, said } = read({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    expect(configuration).toBeUndefined();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^OTLP over gRPC is not supported/);
  });

  test('that is unknown is said, and the default holds', () => {
    const { configuration, said } = read({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/xml' });
    expect(configuration?.protocol).toBe('http/protobuf');
    expect(said).toEqual([
      'OTEL_EXPORTER_OTLP_PROTOCOL="http/xml" is ignored: expected http/protobuf, http/json',
    ]);
  });
});

describe('the other variables', () => {
  test('are read, those of metrics first', () => {
    const { configuration, said } = read({
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'LowMemory',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      OTEL_EXPORTER_OTLP_TIMEOUT: '9000',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '8000',
      OTEL_METRIC_EXPORT_TIMEOUT: '7000',
    });
    expect(configuration).toMatchObject({
      compression: 'gzip',
      temporality: 'lowmemory',
      intervalMs: 1000,
      timeoutMs: 7000,
    });
    expect(said).toEqual([]);
  });

  test('are each said in one line where they are malformed', () => {
    const { configuration, said } = read({
      OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'zstd',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'both',
      OTEL_METRIC_EXPORT_INTERVAL: '0',
      OTEL_EXPORTER_OTLP_TIMEOUT: 'NaN',
      OTEL_METRIC_EXPORT_TIMEOUT: '1e309',
    });
    expect(configuration).toEqual(read({}).configuration);
    expect(said.map((line) => line.replace(/=.*/, ''))).toEqual([
      'OTEL_EXPORTER_OTLP_METRICS_COMPRESSION',
      'OTEL_EXPORTER_OTLP_TIMEOUT',
      'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
      'OTEL_METRIC_EXPORT_INTERVAL',
      'OTEL_METRIC_EXPORT_TIMEOUT',
    ]);
  });
});

test('certificates mean nothing without TLS', () => {
  const { configuration, said } = read({ OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' });
  expect([configuration?.tls, said]).toEqual([{}, []]);
  const secure = read({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://x',
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem',
  });
  expect(secure.said).toHaveLength(1);
});
