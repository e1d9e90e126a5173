import {
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { RPCType, setRPCMetadata } from '@opentelemetry/core';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readActiveSpan } from '../../src/main/active-span.ts';

const apiKey = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');

describe('with OpenTelemetry in the application', () => {
  const tracer = new TracerProvider().getTracer('test');

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });

  afterAll(() => context.disable());

  /** What is read with this span active; `extend` adds to the context as an instrumentation does. */
  function readWithin(
    span: Span,
    extend = (base: typeof ROOT_CONTEXT): typeof ROOT_CONTEXT => base,
  ): unknown {
    return context.with(extend(trace.setSpan(ROOT_CONTEXT, span)), readActiveSpan);
  }

  test('the active span is told by its ids', async () => {
    const span = tracer.startSpan('work');
    const { traceId, spanId } = span.spanContext();
    expect(traceId).toMatch(/^[\da-f]{32}$/);
    expect(readWithin(span)).toEqual({ span: { traceId, spanId, sampled: true } });
    const later = context.with(trace.setSpan(ROOT_CONTEXT, span), async () => {
      await new Promise(setImmediate);
      return readActiveSpan();
    });
    expect(await later).toEqual({ span: { traceId, spanId, sampled: true } });
  });

  test('one that is not recorded is told too', () => {
    const spanContext = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 0 };
    expect(readWithin(trace.wrapSpanContext(spanContext))).toEqual({
      span: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: false },
    });
  });

  test('one that stands for none, as under suppressed tracing, is not told', () => {
    expect(readWithin(trace.wrapSpanContext(INVALID_SPAN_CONTEXT))).toEqual({});
  });

  test('none is told where none is active', () => {
    expect(readActiveSpan()).toEqual({});
    expect(context.with(ROOT_CONTEXT.setValue(createContextKey('other'), 1), readActiveSpan)).toEqual({});
  });

  test.each([
    ['present', { 'http.request.method': 'GET', 'http.route': '/orders/:id' }],
    ['older', { 'http.method': 'GET', 'http.route': '/orders/:id' }],
  ])("the request is read from a server's span by the %s conventions", (_name, attributes) => {
    const span = tracer.startSpan('GET', { kind: SpanKind.SERVER, attributes });
    expect(readWithin(span)).toMatchObject({ request: { method: 'GET', route: '/orders/:id' } });
  });

  test('within a child span, it is read from what the HTTP instrumentation leaves in the context', () => {
    const server = tracer.startSpan('GET', {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': 'GET' },
    });
    const child = tracer.startSpan('query', {}, trace.setSpan(ROOT_CONTEXT, server));
    const facts = readWithin(child, (base) =>
      setRPCMetadata(base, { type: RPCType.HTTP, span: server, route: '/orders/:id' }),
    );
    expect(facts).toEqual({
      span: { traceId: child.spanContext().traceId, spanId: child.spanContext().spanId, sampled: true },
      request: { method: 'GET', route: '/orders/:id' },
    });
  });

  test('a request that the application itself makes is not taken for the one in hand', () => {
    const attributes = { 'http.request.method': 'POST' };
    const client = tracer.startSpan('POST', { kind: SpanKind.CLIENT, attributes });
    expect(readWithin(client)).not.toHaveProperty('request');
    const server = tracer.startSpan('GET', {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': 'GET' },
    });
    const facts = readWithin(client, (base) =>
      setRPCMetadata(base, { type: RPCType.HTTP, span: server, route: '/orders' }),
    );
    expect(facts).toMatchObject({ request: { method: 'GET', route: '/orders' } });
  });

  test('nothing else of a span is told: no path, query, header or name', () => {
    const attributes = {
      'http.request.method': 'GET',
      'http.route': '/orders?token=secret',
      'url.full': 'http://127.0.0.1/orders/4711?token=secret',
      'http.request.header.authorization': 'Bearer secret',
    };
    const span = tracer.startSpan('GET /orders/4711', { kind: SpanKind.SERVER, attributes });
    expect(readWithin(span)).toEqual({ span: expect.anything(), request: { method: 'GET' } });
    expect(JSON.stringify(readWithin(span))).not.toMatch(/secret|4711/);
  });
});

describe('with a global that is no OpenTelemetry', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(globalThis, apiKey);
  });

  /** What is read where the active span is this. */
  function readOf(span: unknown): unknown {
    const active = { getValue: (key: symbol) => (key === spanKey ? span : undefined) };
    Object.assign(globalThis, { [apiKey]: { context: { active: () => active } } });
    return readActiveSpan();
  }

  test.each([undefined, null, {}, { context: undefined }, { context: { active: () => undefined } }])(
    'nothing is told: %j',
    (api) => {
      Object.assign(globalThis, { [apiKey]: api });
      expect(readActiveSpan()).toEqual({});
    },
  );

  test.each([
    ['no method', {}],
    ['no ids', { spanContext: () => ({}) }],
    ['nothing at all', { spanContext: () => undefined }],
    ['numbers', { spanContext: () => ({ traceId: 1, spanId: 2 }) }],
    ['ids of wrong length', { spanContext: () => ({ traceId: 'a'.repeat(31), spanId: 'b'.repeat(16) }) }],
    [
      'ids that are no hexadecimal',
      { spanContext: () => ({ traceId: 'x'.repeat(32), spanId: 'b'.repeat(16) }) },
    ],
    [
      'ids with a line break',
      { spanContext: () => ({ traceId: `${'a'.repeat(32)}\n`, spanId: 'b'.repeat(16) }) },
    ],
    ['attributes that are none', { attributes: 'http.route' }],
  ])('no span is told of one with %s', (_name, span) => {
    expect(readOf(span)).toEqual({});
  });

  test('a span of another version is told all the same', () => {
    const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    expect(readOf({ spanContext: () => ({ ...ids, more: 1 }) })).toEqual({
      span: { ...ids, sampled: false },
    });
  });
});
