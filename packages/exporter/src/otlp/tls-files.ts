import { readFileSync, statSync } from 'node:fs';
import { type Environment, readFirst, type Say, shown } from '../environment.ts';
import type { TlsFiles } from '../http/transport.ts';
import { type Setting, type Signal, variablesOf } from './signals.ts';

/** Reads the files that the certificate variables name; one that can't be read is said and left out. */
export function readTlsFiles(signal: Signal, environment: Environment, say: Say): TlsFiles {
  const read = (setting: Setting): Buffer | undefined =>
    readPem(environment, variablesOf(signal, setting), say);
  const ca = read('certificate');
  const cert = read('clientCertificate');
  const key = read('clientKey');
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
