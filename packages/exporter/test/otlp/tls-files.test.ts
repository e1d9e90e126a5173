import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { metricsSignal } from '../../src/otlp/signals.ts';
import { readTlsFiles } from '../../src/otlp/tls-files.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tls-files-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string): string {
  writeFileSync(join(folder, name), name);
  return join(folder, name);
}

test('certificate files are read, those of metrics first', () => {
  const said: string[] = [];
  const environment = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: file('ca-general'),
    OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: file('ca'),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file('cert'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: file('key'),
  };
  expect(readTlsFiles(metricsSignal, environment, (line) => said.push(line))).toEqual({
    ca: Buffer.from('ca'),
    cert: Buffer.from('cert'),
    key: Buffer.from('key'),
  });
  expect(said).toEqual([]);
});

test('certificate files that are missing, or no files, are said and left out', () => {
  const said: string[] = [];
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const environment = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem',
    OTEL_EXPORTER_OTLP_CLIENT_KEY: fifo,
  };
  expect(readTlsFiles(metricsSignal, environment, (line) => said.push(line))).toEqual({});
  expect(said).toEqual([
    'OTEL_EXPORTER_OTLP_CERTIFICATE="/nowhere/ca.pem" is ignored: expected a readable PEM file (ENOENT)',
    expect.stringMatching(/^OTEL_EXPORTER_OTLP_CLIENT_KEY=.* is ignored: .* \(not a regular file\)$/),
  ]);
});
