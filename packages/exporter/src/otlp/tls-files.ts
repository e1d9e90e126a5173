import { readFileSync, statSync } from 'node:fs';
import { type Environment, readFirst, type Say, shown } from '../environment.ts';
import type { TlsFiles } from '../http/transport.ts';

/** Reads the files that the certificate variables name; one that can't be read is said and left out. */
export function readTlsFiles(environment: Environment, say: Say): TlsFiles {
  const read = (names: readonly string[]): Buffer | undefined => readPem(environment, names, say);
  const ca = read(['OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE', 'OTEL_EXPORTER_OTLP_CERTIFICATE']);
  const cert = read([
    'OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE',
    'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
  ]);
  const key = read(['OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY', 'OTEL_EXPORTER_OTLP_CLIENT_KEY']);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function readPem(environment: Environment, names: readonly string[], say: Say): Buffer | undefined {
  const path = readFirst(environment, names);
  if (path === undefined) {
    return undefined;
  }
  let reason = 'not a regular file';
  try {
    // A FIFO would hold the thread until somebody writes to it.
    if (statSync(path.value).isFile()) {
      return readFileSync(path.value);
    }
  } catch (error) {
    reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
  say(`${path.name}=${shown(path.value)} is ignored: expected a readable PEM file (${reason})`);
  return undefined;
}
