// The active OpenTelemetry span, read through the global that every version of the API registers
// itself under: no import, so no version of ours can clash with the application's.
import type { StalledRequest, StalledSpan } from '../shared/stall.ts';
import { requestOf } from './request-facts.ts';

const apiKey = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');
const rpcKey = Symbol.for('OpenTelemetry SDK Context Key RPC_METADATA');

/** `SpanKind.CLIENT`. */
const clientKind = 2;

interface ForeignContext {
  getValue(key: symbol): unknown;
}

interface ForeignSpan {
  spanContext?: () => { traceId?: unknown; spanId?: unknown; traceFlags?: unknown };
  kind?: unknown;
  attributes?: Record<string, unknown>;
}

interface SpanFacts {
  readonly span?: StalledSpan;
  readonly request?: StalledRequest;
}

export function readActiveSpan(): SpanFacts {
  const api = (globalThis as Record<symbol, unknown>)[apiKey] as
    | { context?: { active(): ForeignContext } }
    | undefined;
  const context = api?.context?.active();
  const active = context?.getValue(spanKey) as ForeignSpan | undefined;
  if (context === undefined || active === undefined) {
    return {};
  }
  // The HTTP instrumentation leaves the server's span and route there; the active span may be a child.
  const rpc = context.getValue(rpcKey) as { span?: ForeignSpan; route?: unknown } | undefined;
  // A client's span tells of a request that the application makes, not of the one in hand.
  const own = active.kind === clientKind ? undefined : active.attributes;
  const attributes = { ...rpc?.span?.attributes, ...own };
  const span = identified(active);
  const request = requestOf(
    attributes['http.request.method'] ?? attributes['http.method'],
    rpc?.route ?? attributes['http.route'],
  );
  return { ...(span && { span }), ...(request && { request }) };
}

function identified(span: ForeignSpan): StalledSpan | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext?.() ?? {};
  const valid =
    typeof traceId === 'string' &&
    typeof spanId === 'string' &&
    // All zeros stand for no span, as under suppressed tracing.
    /^(?!0{32})[\da-f]{32}$/.test(traceId) &&
    /^(?!0{16})[\da-f]{16}$/.test(spanId);
  const sampled = typeof traceFlags === 'number' && (traceFlags & 1) === 1;
  return valid ? { traceId, spanId, sampled } : undefined;
}
