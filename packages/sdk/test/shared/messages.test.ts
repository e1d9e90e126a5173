import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type Transferable,
} from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AgentMessage,
  type AgentWorkerData,
  type ControlMessage,
  isAgentMessage,
  type ThreadMessage,
  wireVersion,
} from '../../src/shared/messages.ts';
import { readEnvironment, resolveOptions } from '../../src/shared/resolve-options.ts';
import { createSharedWords, createThreadWords } from '../../src/shared/shared-words.ts';
import type { Stall } from '../../src/shared/stall.ts';

let here: MessagePort;
let there: MessagePort;

beforeEach(() => {
  ({ port1: here, port2: there } = new MessageChannel());
});

afterEach(() => {
  here.close();
});

/** What arrives at the other end. */
function received(message: unknown, transfer: readonly Transferable[] = []): unknown {
  here.postMessage(message, transfer);
  return receiveMessageOnPort(there)?.message;
}

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const frame = {
  function: 'sum',
  file: '/srv/a.js',
  line: 1,
  column: 2,
  depth: 0,
  origin: 'application',
} as const;

const stall: Stall = {
  id: '1',
  thread: { id: 0, name: 'main' },
  state: 'closed',
  phase: 'running',
  startedAt: 1_700_000_000_000,
  durationMs: 120.5,
  suspendedMs: 0,
  inspectorOpen: false,
  culprit: { function: 'sum', file: '/srv/a.js', line: 1, column: 2, package: '@acme/a', late: false },
  fingerprint: '0123456789abcdef',
  request: { method: 'GET', route: '/orders/:id' },
  span,
  cause: 'sync-io',
  evidence: { cpuMs: 0.4, waitMs: 0, sleepMs: 120.5, synchronousCall: 'node:fs readFileSync' },
  advice: 'Wait for it asynchronously.',
  victims: { requests: 2, lostMs: 241 },
  profile: {
    samples: 12,
    functions: [{ function: 'sum', file: '/srv/a.js', line: 1, selfMs: 118, native: 'parse' }],
    packages: [{ package: '@acme/a', selfMs: 118 }],
  },
  captures: [{ afterMs: 60, waitedMs: 1, late: false, frames: [frame] }],
};

/** One of each kind: the compiler asks for any that is missing. */
const threadMessages: { readonly [Kind in ThreadMessage['kind']]: Extract<ThreadMessage, { kind: Kind }> } = {
  turned: { kind: 'turned', at: 1 },
  sample: {
    kind: 'sample',
    at: 1,
    active: 2,
    idle: 3,
    iterations: 4,
    events: 5,
    eventsWaiting: 6,
    externalBytes: 7,
    heapSpaces: [{ name: 'old_space', size: 4, used: 3, available: 2, physical: 1 }],
    cpu: 8,
    resources: { Timeout: 2 },
    tasks: {
      level: 'counts',
      promises: false,
      operations: 9,
      counts: [{ type: 'Timeout', created: 3, destroyed: 1, live: 2 }],
      untracked: 1,
    },
    listenerWarnings: 1,
    inspectorOpen: false,
    sourceMaps: true,
    failures: { gc: 1 },
  },
  gc: { kind: 'gc', entries: [{ type: 'major', at: 1, durationMs: 2 }] },
  capture: {
    kind: 'capture',
    id: 1,
    at: 2,
    activeMs: 3,
    callSites: [{ functionName: '\ud800 \u0000', scriptName: '', lineNumber: 1, columnNumber: 2 }],
    inspectorOpen: true,
  },
  context: { kind: 'context', id: 1, span, request: { method: 'GET' } },
  census: {
    kind: 'census',
    part: 'live',
    id: 1,
    anew: true,
    ids: Float64Array.of(7, 2 ** 33, 0),
    types: Uint8Array.of(1, 2, 0),
    sites: Uint16Array.of(512, 0, 0),
  },
  'queue-turned': { kind: 'queue-turned', id: 1, queue: 'tick', at: 3 },
  profile: { kind: 'profile', stall: '1', on: true, startedAt: 1, text: '{"nodes":[]}' },
  position: { kind: 'position', key: 'a:1:2', position: { file: 'a.ts', line: 3, column: 4 } },
};

const agentMessages: { readonly [Kind in AgentMessage['kind']]: Extract<AgentMessage, { kind: Kind }> } = {
  watching: { kind: 'watching' },
  listening: { kind: 'listening', url: 'http://127.0.0.1:9465' },
  flushed: { kind: 'flushed' },
  stall: { kind: 'stall', event: { type: 'closed', stall } },
  'stall-ended': { kind: 'stall-ended' },
  profile: { kind: 'profile', stall: '1', since: 2, until: 3 },
  collected: { kind: 'collected', id: 1, collection: { at: 2, metrics: [] } },
  tasks: { kind: 'tasks', change: { level: 'census', seconds: 5, promises: false, type: 'Timeout' } },
  alert: {
    kind: 'alert',
    alert: {
      status: 'resolved',
      name: 'blocked',
      severity: 'critical',
      fingerprint: '0123456789abcdef',
      labels: { alertname: 'blocked', severity: 'critical', thread: 'main' },
      summary: 'The event loop of main was blocked for 3.0 s',
      value: 3000,
      startsAt: 1_700_000_000_000,
      endsAt: 1_700_000_003_000,
      stall: {
        id: '1',
        durationMs: 3000,
        phase: 'running',
        cause: 'cpu',
        advice: 'Do less.',
        culprit: 'sum /srv/a.js:1',
      },
    },
  },
};

const controlMessages: Readonly<Record<Exclude<ControlMessage['kind'], 'join'>, ControlMessage>> = {
  subscribe: { kind: 'subscribe', stalls: true },
  flush: { kind: 'flush' },
  collect: { kind: 'collect', id: 1, form: 'snapshot' },
};

test.each([
  ...Object.values(threadMessages),
  ...Object.values(agentMessages),
  ...Object.values(controlMessages),
])('a message of kind $kind arrives as it was sent', (message) => {
  expect(received(message)).toEqual(message);
  expect(structuredClone(message)).toEqual(message);
});

test.each(Object.values(agentMessages))('a message of kind $kind is taken for what it is', (message) => {
  expect(isAgentMessage(received(message))).toBe(true);
});

test.each([
  undefined,
  null,
  'watching',
  7,
  [],
  {},
  { kind: 'unknown' },
  { kind: '__proto__' },
  { kind: 'listening' },
  { kind: 'listening', url: 7 },
  { kind: 'stall' },
  { kind: 'stall', event: null },
  { kind: 'stall', event: {} },
  { kind: 'tasks' },
  { kind: 'tasks', change: { level: 'all' } },
])('what is no message of the agent is not taken for one: %j', (message) => {
  expect(isAgentMessage(message)).toBe(false);
});

test('a join brings a histogram that stays live, and a port that works', async () => {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  const channel = new MessageChannel();
  const join: ControlMessage = {
    version: wireVersion,
    kind: 'join',
    thread: { id: 0, name: 'main' },
    heartbeat: histogram,
    heartbeatMs: 5,
    since: 1,
    port: channel.port2,
    words: createThreadWords(),
    inspectorOpen: false,
    captures: true,
    sourceMaps: false,
    ownScript: 'file:///srv/register.js',
    tasks: { sparesPromises: true },
  };
  const arrived = received(join, [channel.port2]) as typeof join;
  expect({ ...arrived, heartbeat: undefined, port: undefined }).toEqual({
    ...join,
    heartbeat: undefined,
    port: undefined,
  });
  await expect.poll(() => arrived.heartbeat.count).toBeGreaterThan(2);
  expect(arrived.heartbeat.count).toBe(histogram.count);
  channel.port1.postMessage(threadMessages.gc);
  expect(receiveMessageOnPort(arrived.port)?.message).toEqual(threadMessages.gc);
  histogram.disable();
  channel.port1.close();
});

test('what an agent thread is started with arrives whole, and its words are shared', () => {
  const options = resolveOptions({}, readEnvironment({ LOOPSCOPE_TOKEN: '12345678' }).options, {}, 24);
  const words = createSharedWords();
  const data: AgentWorkerData = {
    version: wireVersion,
    sdkVersion: '0.0.0',
    options,
    words: words.buffer,
    start: 1,
    firing: [agentMessages.alert.alert],
    debug: false,
  };
  const arrived = received(data) as AgentWorkerData;
  expect({ ...arrived, words: undefined }).toEqual({ ...data, words: undefined });
  words[0] = 7;
  expect(new Int32Array(arrived.words)[0]).toBe(7);
});
