import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfigurationFile } from '../../src/declarative/configuration-file.ts';
import { environmentOfFile } from '../../src/declarative/environment-of-file.ts';
import { readOtlpConfiguration, readSignalConfiguration } from '../../src/otlp/configuration.ts';
import { logsSignal } from '../../src/otlp/signals.ts';
import { createResource } from '../../src/resource.ts';

const folder = mkdtempSync(join(tmpdir(), 'loopscope-declarative-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(yaml: string): string {
  const path = join(folder, 'otel.yaml');
  writeFileSync(path, yaml);
  return path;
}

const none = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_TRACES_EXPORTER: 'none' };

const whole = `
file_format: "1.0"
resource:
  attributes:
    - { name: service.name, value: shop, type: string }
    - { name: a, value: "b, c=d" }
    - { name: zones, value: [x, y], type: string_array }
    - { name: nothing, value: null }
  attributes_list: "service.name=ignored,team=loops"
meter_provider:
  readers:
    - pull: { exporter: { prometheus/development: {} } }
    - periodic: { exporter: { console: {} } }
    - periodic:
        interval: 5000
        timeout: 4000
        exporter:
          otlp_http:
            endpoint: https://collector:4318/v1/metrics
            encoding: json
            compression: gzip
            timeout: 3000
            temporality_preference: low_memory
            headers_list: "x-key=one,x-other=two"
            headers: [{ name: x-key, value: "a b" }]
logger_provider:
  processors:
    - batch: { exporter: { otlp_http: } }
tracer_provider:
  processors:
    - simple: { exporter: { console: {} } }
`;

describe('a configuration file', () => {
  test('says what the variables would say', () => {
    expect(readConfigurationFile(write(whole))).toEqual({
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop,a=b%2C%20c%3Dd,zones=x%2Cy,team=loops',
      OTEL_METRIC_EXPORT_INTERVAL: '5000',
      OTEL_METRIC_EXPORT_TIMEOUT: '4000',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://collector:4318/v1/metrics',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-key=a%20b,x-other=two',
      OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '3000',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'lowmemory',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://localhost:4318/v1/logs',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/protobuf',
      OTEL_TRACES_EXPORTER: 'none',
    });
  });

  test('is read back by those who read the variables, and nothing of it is refused', () => {
    const said: string[] = [];
    const say = (line: string): number => said.push(line);
    const environment = environmentOfFile({ OTEL_CONFIG_FILE: write(whole) }, readConfigurationFile, say);
    expect(readOtlpConfiguration({ environment, say })).toMatchObject({
      url: new URL('https://collector:4318/v1/metrics'),
      protocol: 'http/json',
      headers: { 'x-key': 'a b', 'x-other': 'two' },
      compression: 'gzip',
      temporality: 'lowmemory',
      intervalMs: 5000,
      timeoutMs: 3000,
    });
    expect(readSignalConfiguration(logsSignal, { environment, say })?.url.href).toBe(
      'http://localhost:4318/v1/logs',
    );
    expect(createResource(environment, say).attributes).toMatchObject({
      'service.name': 'shop',
      a: 'b, c=d',
      zones: 'x,y',
      team: 'loops',
    });
    expect(said).toEqual([]);
  });

  test('without a provider pushes nothing', () => {
    expect(readConfigurationFile(write('file_format: "1.0"'))).toEqual(none);
  });

  test('that names gRPC alone is told as such', () => {
    const path = write(
      'file_format: "1.0"\nmeter_provider: { readers: [{ periodic: { exporter: { otlp_grpc: {} } } }] }',
    );
    const said: string[] = [];
    const environment = readConfigurationFile(path);
    expect(readOtlpConfiguration({ environment, say: (line) => said.push(line) })).toBeUndefined();
    expect(said).toEqual([expect.stringMatching(/^OTLP over gRPC is not supported/)]);
  });

  test('may name variables', () => {
    process.env['LOOPSCOPE_TEST_HOST'] = 'collector';
    try {
      const path = write(
        `file_format: "1.0"\nmeter_provider: { readers: [{ periodic: { exporter: { otlp_http: { endpoint: "http://\${LOOPSCOPE_TEST_HOST}:\${PORT_UNSET:-4318}/m" } } } }] }`,
      );
      expect(readConfigurationFile(path)['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT']).toBe(
        'http://collector:4318/m',
      );
    } finally {
      delete process.env['LOOPSCOPE_TEST_HOST'];
    }
  });
});

describe('the environment', () => {
  test('without a file is as it is', () => {
    const environment = { OTEL_SERVICE_NAME: 'shop', OTEL_CONFIG_FILE: ' ' };
    const fail = (): never => expect.fail('nothing is read');
    expect(environmentOfFile(environment, fail, fail)).toBe(environment);
  });

  test('with a file has the other variables of OpenTelemetry no more', () => {
    const path = write('file_format: "1.0"');
    const own = { OTEL_CONFIG_FILE: path, OTEL_SERVICE_NAME: 'x', NODE_EXTRA_CA_CERTS: 'ca' };
    expect(environmentOfFile(own, readConfigurationFile, (line) => expect.fail(line))).toEqual({
      NODE_EXTRA_CA_CERTS: 'ca',
      OTEL_CONFIG_FILE: path,
      ...none,
    });
  });

  test('of a file that disables the SDK pushes nothing', () => {
    const path = write(`${whole}disabled: true\n`);
    expect(
      environmentOfFile({ OTEL_CONFIG_FILE: path }, readConfigurationFile, (line) => expect.fail(line)),
    ).toMatchObject(none);
  });

  test.each([
    ['is missing', () => join(folder, 'missing.yaml'), /: ENOENT$/],
    ['is a folder', () => folder, /: not a regular file$/],
    ['is not YAML', () => write('file_format: "1.0"\n: [}'), /nothing is pushed: .+$/],
    ['is of another version', () => write('file_format: "2.0"'), /Unsupported file_format: "2\.0"/],
    [
      'is not by the schema',
      () => write('file_format: "1.0"\nmeter_provider: { readers: 7 }'),
      /\/meter_provider\/readers must be array$/,
    ],
    ['has faults without end', () => write(`file_format: "1.0"\n${'resource: {}\n'.repeat(99)}`), /.{1,420}/],
  ])('of a file that %s pushes nothing, and one line says why', (_, make, reason) => {
    const path = make();
    const said: string[] = [];
    const environment = environmentOfFile(
      { OTEL_CONFIG_FILE: path, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' },
      readConfigurationFile,
      (line) => said.push(line),
    );
    expect(environment).toEqual({ OTEL_CONFIG_FILE: path, ...none });
    expect(said).toEqual([
      expect.stringMatching(/^OTEL_CONFIG_FILE=".*" can't be used, so nothing is pushed: /),
    ]);
    expect(said[0]).toMatch(reason);
    expect(said[0]).not.toContain('\n');
  });
});
