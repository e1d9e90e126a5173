// Stalls in the application's own traces and logs: a span under the span that was blocked, and a log event. Both come
// when the stall is over, since this thread was the one that was blocked; the agent's own push is not.
import type { Stall } from '@loopscope/sdk';
import type { Context, LoggerProvider, TracerProvider } from '../shared/open-telemetry.ts';
import { attributesOf, sentenceOf, stallEventName, stallSeverity } from '../shared/stall-attributes.ts';

export interface Scope {
  readonly name: string;
  readonly version: string;
}

export function emitSpan(provider: TracerProvider, scope: Scope, stall: Stall): void {
  const parent = contextOf(stall);
  if (parent === undefined || stall.span?.sampled !== true) {
    return;
  }
  const { startedAt, durationMs, suspendedMs } = stall;
  provider
    .getTracer(scope.name, scope.version)
    .startSpan(stallEventName, { startTime: startedAt, attributes: attributesOf(stall) }, parent)
    .end(startedAt + durationMs + suspendedMs);
}

export function emitLog(provider: LoggerProvider, scope: Scope, stall: Stall): void {
  const context = contextOf(stall);
  provider.getLogger(scope.name, scope.version).emit({
    eventName: stallEventName,
    timestamp: stall.startedAt + stall.durationMs + stall.suspendedMs,
    severityNumber: stallSeverity.number,
    severityText: stallSeverity.text,
    body: sentenceOf(stall),
    attributes: attributesOf(stall),
    ...(context && { context }),
  });
}

// As `trace.setSpanContext(ROOT_CONTEXT, ...)` would make it: the key is the same in every version of the API.
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');

function contextOf({ span }: Stall): Context | undefined {
  if (span === undefined) {
    return undefined;
  }
  const spanContext = { traceId: span.traceId, spanId: span.spanId, traceFlags: span.sampled ? 1 : 0 };
  return contextWith(new Map([[spanKey, blockedSpan(spanContext)]]));
}

function contextWith(values: ReadonlyMap<symbol, unknown>): Context {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => contextWith(new Map(values).set(key, value)),
    deleteValue: (key) => contextWith(new Map([...values].filter(([each]) => each !== key))),
  };
}

/** A span that only says which one it is: it is being recorded elsewhere, or has ended. */
function blockedSpan(spanContext: object): object {
  const span = {
    spanContext: () => spanContext,
    isRecording: () => false,
    setAttribute: () => span,
    setAttributes: () => span,
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    setStatus: () => span,
    updateName: () => span,
    recordException: () => {},
    end: () => {},
  };
  return span;
}
