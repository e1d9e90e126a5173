import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type Environment, readText, type Say } from '../environment.ts';
import { type Signal, variablesOf } from './signals.ts';

// What the transport itself decides.
const reserved: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of `OTEL_EXPORTER_OTLP_HEADERS` with those of the signal's own variable over them: comma-separated `key=value`, percent-encoded, as in W3C Baggage. A malformed entry is left out;
 * the line that says so shows nothing of it, since headers hold credentials.
 */
export function readHeaders(
  signal: Signal,
  environment: Environment,
  say: Say,
): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (const variable of variablesOf(signal, 'headers').toReversed()) {
    const entries = (readText(environment, variable) ?? '').split(',').filter((entry) => entry.trim() !== '');
    const parsed = entries.map(parseHeader);
    if (parsed.includes(undefined)) {
      say(
        `an entry of ${variable} is ignored (and not shown, since it may be a secret): expected a header as key=value, percent-encoded`,
      );
    }
    for (const header of parsed) {
      if (header !== undefined) {
        headers.set(header.name, header.value);
      }
    }
  }
  return Object.fromEntries(headers);
}

function parseHeader(entry: string): { readonly name: string; readonly value: string } | undefined {
  // Baggage properties follow a semicolon and mean nothing here.
  const [pair = ''] = entry.split(';', 1);
  const equals = pair.indexOf('=');
  try {
    const name = decodeURIComponent(pair.slice(0, Math.max(equals, 0)).trim()).toLowerCase();
    const value = decodeURIComponent(pair.slice(equals + 1).trim());
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return value === '' || reserved.has(name) ? undefined : { name, value };
  } catch {
    return undefined;
  }
}
