import { createRequire, getSourceMapsSupport, setSourceMapsSupport } from 'node:module';
import { pathToFileURL } from 'node:url';
import util from 'node:util';
import { runInThisContext } from 'node:vm';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { answerCapture, answerPosition, type ProbeParts } from '../../src/main/capture-probe.ts';
import { Utilization } from '../../src/main/utilization.ts';
import { monotonicNow } from '../../src/shared/clock.ts';
import type { CaptureMessage } from '../../src/shared/messages.ts';
import type { StalledRequest } from '../../src/shared/stall.ts';
import { temporaryFile } from '../support/temporary-folder.ts';

const apiKey = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');

let sent: Parameters<ProbeParts['send']>[0][];
let failures: string[];
let current: () => StalledRequest | undefined;
let parts: ProbeParts;

beforeEach(() => {
  sent = [];
  failures = [];
  current = () => undefined;
  parts = {
    utilization: new Utilization(),
    requests: { current: () => current(), stop: () => {} },
    context: true,
    send: (message) => sent.push(structuredClone(message)),
    failed: (part) => failures.push(part),
  };
});

function captured(): CaptureMessage {
  return sent[0] as CaptureMessage;
}

/** An OpenTelemetry whose active span is this. */
function withActiveSpan(span: object): void {
  const active = { getValue: (key: symbol) => (key === spanKey ? span : undefined) };
  Object.assign(globalThis, { [apiKey]: { context: { active: () => active } } });
  onTestFinished(() => {
    Reflect.deleteProperty(globalThis, apiKey);
  });
}

describe('a capture', () => {
  test('tells of the code that it runs in: raw call sites, innermost first', () => {
    const start = monotonicNow();
    function outerFunction(): void {
      (function innerFunction(): void {
        answerCapture(7, parts);
      })();
    }
    outerFunction();
    expect(captured()).toMatchObject({ kind: 'capture', id: 7, inspectorOpen: false });
    expect(captured().at).toBeGreaterThan(start);
    expect(captured().activeMs).toBeGreaterThan(0);
    const names = captured().callSites.map(({ functionName }) => functionName);
    const inner = names.indexOf('innerFunction');
    expect(names.slice(inner, inner + 2)).toEqual(['innerFunction', 'outerFunction']);
    expect(names.slice(0, inner)).toEqual(['answerCapture']);
    expect(captured().callSites[inner]?.scriptName).toContain('capture-probe.test.ts');
  });

  test('tells of the stack first and of its context next', () => {
    current = () => ({ method: 'GET', route: '/orders' });
    answerCapture(3, parts);
    expect(sent.map(({ kind }) => kind)).toEqual(['capture', 'context']);
    expect(sent[1]).toEqual({ kind: 'context', id: 3, request: { method: 'GET', route: '/orders' } });
  });

  test('is bounded, however deep the stack and long the names', () => {
    const name = 'x'.repeat(1_000_000);
    const code = `(answer) => {
      const named = { ['${name}'](depth) { depth > 0 ? named['${name}'](depth - 1) : answer(); } };
      named['${name}'](1000);
    }`;
    const deep = runInThisContext(code, { filename: `/${name}.js` }) as (answer: () => void) => void;
    deep(() => answerCapture(1, parts));
    const { callSites } = captured();
    expect(callSites).toHaveLength(200);
    expect(Math.max(...callSites.map(({ functionName }) => functionName.length))).toBe(200);
    expect(Math.max(...callSites.map(({ scriptName }) => scriptName.length))).toBe(1000);
  });

  test("does not run the application's way of preparing stacks, nor its limit", () => {
    const { stackTraceLimit, prepareStackTrace } = Error;
    onTestFinished(() => {
      Error.stackTraceLimit = stackTraceLimit;
      Error.prepareStackTrace = prepareStackTrace;
    });
    Error.stackTraceLimit = 0;
    Error.prepareStackTrace = () => expect.fail('the application is asked');
    answerCapture(1, parts);
    expect(captured().callSites.length).toBeGreaterThan(1);
    expect(failures).toEqual([]);
  });
});

describe('a capture where the application has replaced', () => {
  const replace = (owner: object, name: PropertyKey): (() => void) => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name) ?? expect.fail(`no ${String(name)}`);
    const { defineProperty } = Object;
    defineProperty(owner, name, {
      ...descriptor,
      value: () => {
        throw new Error('a replacement that fails');
      },
    });
    return () => defineProperty(owner, name, descriptor);
  };

  test.each<[string, object, PropertyKey]>([
    ['Number', globalThis, 'Number'],
    ['BigInt', globalThis, 'BigInt'],
    ['Object.entries', Object, 'entries'],
    ['String.prototype.slice', String.prototype, 'slice'],
    ['Array.prototype.map', Array.prototype, 'map'],
    ['Array.prototype.push', Array.prototype, 'push'],
    ["the arrays' iterator", Array.prototype, Symbol.iterator],
    ['Function.prototype.call', Function.prototype, 'call'],
    ['Function.prototype.apply', Function.prototype, 'apply'],
    ['Function.prototype.bind', Function.prototype, 'bind'],
    ['process.hrtime.bigint', process.hrtime, 'bigint'],
    ['process.getBuiltinModule', process, 'getBuiltinModule'],
    ['performance.now', Object.getPrototypeOf(performance), 'now'],
    ['performance.eventLoopUtilization', Object.getPrototypeOf(performance), 'eventLoopUtilization'],
    ['util.getCallSites', util, 'getCallSites'],
  ])('%s is told all the same', (_name, owner, name) => {
    const told: unknown[] = [];
    // It must not rely on them either.
    const send: ProbeParts['send'] = (message) => {
      told[told.length] = message;
    };
    let error: unknown;
    const undo = replace(owner, name);
    try {
      answerCapture(1, { ...parts, send });
    } catch (thrown) {
      error = thrown;
    } finally {
      undo();
    }
    expect(error).toBeUndefined();
    expect(told[0]).toMatchObject({
      kind: 'capture',
      id: 1,
      callSites: expect.arrayContaining([expect.anything()]),
    });
  });
});

describe('the context', () => {
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

  test('is that of the active span, and its request where the span has a route', () => {
    current = () => ({ method: 'GET', route: '*/:id' });
    withActiveSpan({
      spanContext: () => ids,
      attributes: { 'http.request.method': 'GET', 'http.route': '/orders/:id' },
    });
    answerCapture(1, parts);
    expect(sent[1]).toEqual({
      kind: 'context',
      id: 1,
      span: { ...ids, sampled: false },
      request: { method: 'GET', route: '/orders/:id' },
    });
  });

  test('has the request that was followed where the span has no route', () => {
    current = () => ({ method: 'GET', route: '*/:id' });
    withActiveSpan({ spanContext: () => ids, attributes: { 'http.request.method': 'GET' } });
    answerCapture(1, parts);
    expect(sent[1]).toMatchObject({ span: ids, request: { method: 'GET', route: '*/:id' } });
  });

  test('has the request of the span where requests are not followed', () => {
    withActiveSpan({ spanContext: () => ids, attributes: { 'http.request.method': 'GET' } });
    answerCapture(1, { ...parts, requests: undefined });
    expect(sent[1]).toMatchObject({ request: { method: 'GET' } });
  });

  test('that cannot be read is counted, and the stack is told all the same', () => {
    withActiveSpan({
      spanContext: () => {
        throw new Error('a span that fails');
      },
    });
    answerCapture(4, parts);
    expect(sent.map(({ kind }) => kind)).toEqual(['capture', 'context']);
    expect(sent[1]).toEqual({ kind: 'context', id: 4 });
    expect(failures).toEqual(['context']);
  });

  test('of a request that throws is contained as well', () => {
    current = () => {
      throw new Error('a request that fails');
    };
    answerCapture(4, parts);
    expect(sent[1]).toEqual({ kind: 'context', id: 4 });
    expect(failures).toEqual(['context']);
  });
});

describe("a position in the application's own source maps", () => {
  test('is answered with the original one', () => {
    const before = getSourceMapsSupport();
    setSourceMapsSupport(true);
    onTestFinished(() => setSourceMapsSupport(before.enabled));
    // Line 1 of the script, from its first column on, is line 3, column 5 of orders.ts.
    const map = { version: 3, sources: ['orders.ts'], names: [], mappings: 'AAEI' };
    const inline = Buffer.from(JSON.stringify(map)).toString('base64');
    const script = temporaryFile(
      'orders.cjs',
      `module.exports = 1;\n//# sourceMappingURL=data:application/json;base64,${inline}\n`,
    );
    createRequire(import.meta.url)(script);
    answerPosition({ file: script, line: 1, column: 8 }, parts);
    expect(sent).toEqual([
      {
        kind: 'position',
        key: `${script}:1:8`,
        position: { file: pathToFileURL(script.replace('.cjs', '.ts')).href, line: 3, column: 5 },
      },
    ]);
  });

  test('is answered with nothing where there is none', () => {
    answerPosition({ file: '/srv/nowhere.js', line: 1, column: 1 }, parts);
    expect(sent).toEqual([{ kind: 'position', key: '/srv/nowhere.js:1:1' }]);
    expect(failures).toEqual([]);
  });
});
