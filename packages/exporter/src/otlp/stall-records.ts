// A stall as OTLP carries it: a log event as it opens and as it closes, and once it is closed a span under
// the span that was blocked, so that it is seen in the trace's waterfall.
import type { Stall } from '@loopscope/sdk/telemetry';
import type { HrTime, SpanContext } from '@opentelemetry/api';
import type { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';
import { attributesOf, sentenceOf, stallEventName, stallSeverity } from '../shared/stall-attributes.ts';

export type LogRecord = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0][number];
export type Span = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number];

/** What all of them carry; the same objects each time, so that they are grouped. */
export interface Origin {
  readonly resource: Resource;
  readonly scope: { readonly name: string; readonly version: string };
}

// `SpanKind.INTERNAL` and `SpanStatusCode.UNSET` of every version of the API.
const internal = 0;
const unset = 0;
const sampledFlag = 1;

export function logRecordOf(stall: Stall, { resource, scope }: Origin): LogRecord {
  const at = timeOf(stall.startedAt + stall.durationMs + stall.suspendedMs);
  const context = blockedContext(stall);
  return {
    eventName: stallEventName,
    hrTime: at,
    hrTimeObserved: at,
    severityNumber: stallSeverity.number,
    severityText: stallSeverity.text,
    body: sentenceOf(stall),
    attributes: attributesOf(stall),
    droppedAttributesCount: 0,
    resource,
    instrumentationScope: scope,
    ...(context && { spanContext: context }),
  };
}

/** Undefined where no span was blocked, or one that is not sampled. */
export function spanOf(stall: Stall, { resource, scope }: Origin): Span | undefined {
  const parent = blockedContext(stall);
  if (parent === undefined || parent.traceFlags !== sampledFlag) {
    return undefined;
  }
  const ownContext = { ...parent, spanId: randomSpanId() };
  const lengthMs = stall.durationMs + stall.suspendedMs;
  return {
    name: stallEventName,
    kind: internal,
    spanContext: () => ownContext,
    parentSpanContext: parent,
    startTime: timeOf(stall.startedAt),
    endTime: timeOf(stall.startedAt + lengthMs),
    duration: timeOf(lengthMs),
    ended: true,
    status: { code: unset },
    attributes: attributesOf(stall),
    links: [],
    events: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    resource,
    instrumentationScope: scope,
  };
}

function blockedContext({ span }: Stall): SpanContext | undefined {
  return span && { traceId: span.traceId, spanId: span.spanId, traceFlags: span.sampled ? sampledFlag : 0 };
}

/** Unix milliseconds as seconds and nanoseconds. */
function timeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

// Need be unique in its trace, not secret; loading node:crypto for it would take 3 to 10 ms.
function randomSpanId(): string {
  const half = (): string =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const id = half() + half();
  return id === '0'.repeat(16) ? randomSpanId() : id;
}
