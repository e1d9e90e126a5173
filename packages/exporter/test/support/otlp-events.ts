// What OTLP log and trace requests in protobuf say, read by the field numbers of opentelemetry/proto, with
// no code of the exporter's.
import { attributesOf, bytesOf, type Fields, fieldsOf, message, messages, text } from './otlp-wire.ts';

export interface ReceivedLog {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly eventName: string;
  readonly unixMs: number;
  readonly severity: number;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly traceId: string;
  readonly spanId: string;
}

export interface ReceivedSpan {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
}

export function decodeLogs(body: Buffer): readonly ReceivedLog[] {
  return records(body).map(([resource, record]) => ({
    resource,
    eventName: text(record, 12),
    unixMs: milliseconds(record, 1),
    severity: Number(record.get(2)?.[0] ?? 0),
    body: text(message(record, 5), 1),
    attributes: attributesOf(record, 6),
    traceId: hex(record, 9),
    spanId: hex(record, 10),
  }));
}

export function decodeSpans(body: Buffer): readonly ReceivedSpan[] {
  return records(body).map(([resource, span]) => ({
    resource,
    name: text(span, 5),
    startMs: milliseconds(span, 7),
    endMs: milliseconds(span, 8),
    attributes: attributesOf(span, 9),
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentSpanId: hex(span, 4),
  }));
}

/** Logs and traces are nested alike: resources, scopes, records. */
function records(body: Buffer): [resource: Record<string, unknown>, record: Fields][] {
  return messages(fieldsOf(body), 1).flatMap((group) => {
    const resource = attributesOf(message(group, 1), 1);
    return messages(group, 2)
      .flatMap((scope) => messages(scope, 2))
      .map((record): [Record<string, unknown>, Fields] => [resource, record]);
  });
}

function milliseconds(fields: Fields, field: number): number {
  return Number(bytesOf(fields, field).readBigUInt64LE()) / 1e6;
}

function hex(fields: Fields, field: number): string {
  return ((fields.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0)).toString('hex');
}
