import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { AgentWorker, type AgentWorkerParts } from '../../src/main/agent-worker.ts';
import { wireVersion } from '../../src/shared/messages.ts';
import { readEnvironment, resolveOptions } from '../../src/shared/resolve-options.ts';
import { createSharedWords } from '../../src/shared/shared-words.ts';
import { temporaryFile } from '../support/temporary-folder.ts';

const fewSeconds = { timeout: 20_000 };
const options = resolveOptions({}, readEnvironment({}).options, {}, 24);

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Life {
  readonly worker: AgentWorker;
  /** What the agent thread said, as it said it. */
  readonly received: unknown[];
  readonly lines: string[];
  joins: number;
  ends: number;
}

/** An agent thread with this code, where `say` tells the main thread something, in a message as it may be. */
function live(code: string): Life {
  const script = temporaryFile(
    'agent.mjs',
    `import { parentPort, workerData } from 'node:worker_threads';
    const say = (something) => parentPort.postMessage({ kind: 'listening', url: JSON.stringify(something) });
    ${code}`,
  );
  const received: unknown[] = [];
  const lines: string[] = [];
  const parts: AgentWorkerParts = {
    script,
    workerData: (start) => ({
      version: wireVersion,
      sdkVersion: '0.0.0',
      options,
      words: createSharedWords().buffer,
      start,
      firing: [],
      debug: false,
    }),
    joined: (post) => {
      life.joins += 1;
      post({ kind: 'subscribe', stalls: true }, []);
    },
    received: (message) => received.push(message.kind === 'listening' ? JSON.parse(message.url) : message),
    ended: () => {
      life.ends += 1;
    },
    givenUp: () => {},
    debug: (line) => lines.push(line),
  };
  const worker = new AgentWorker(parts);
  onTestFinished(() => worker.stop());
  const life: Life = { worker, received, lines, joins: 0, ends: 0 };
  worker.start();
  return life;
}

const untilStopped = "parentPort.on('message', (message) => say({ heard: message.kind }));";

test('an agent thread is told its start, is joined at once, and hears what is posted', async () => {
  const { received, worker } = live(`say({ start: workerData.start }); ${untilStopped}`);
  await expect.poll(() => received, fewSeconds).toEqual([{ start: 1 }, { heard: 'subscribe' }]);
  worker.post({ kind: 'flush' });
  await expect.poll(() => received.at(-1), fewSeconds).toEqual({ heard: 'flush' });
});

test('of the environment it sees what OpenTelemetry and the system need, and no flags', async () => {
  vi.stubEnv('OTEL_SERVICE_NAME', 'orders');
  vi.stubEnv('NODE_EXTRA_CA_CERTS', '/etc/ca.pem');
  vi.stubEnv('NODE_OPTIONS', '--no-warnings');
  vi.stubEnv('DATABASE_PASSWORD', 'secret');
  vi.stubEnv('MY_OTEL_TOKEN', 'secret');
  const { received } = live(`say({ environment: process.env, flags: process.execArgv }); ${untilStopped}`);
  await expect.poll(() => received[0], fewSeconds).toBeDefined();
  const { environment, flags } = received[0] as { environment: Record<string, string>; flags: unknown };
  expect(environment).toMatchObject({ OTEL_SERVICE_NAME: 'orders', NODE_EXTRA_CA_CERTS: '/etc/ca.pem' });
  expect(Object.keys(environment)).not.toContain('NODE_OPTIONS');
  expect(Object.values(environment)).not.toContain('secret');
  expect(flags).toEqual([]);
});

/** Fails at its first start in this way, and says its number at the next. */
function failingOnce(failure: string): string {
  return `if (workerData.start === 1) { ${failure} } say({ start: workerData.start }); ${untilStopped}`;
}

test('what it posts that is no message is said, and dropped', async () => {
  const { received, lines } = live(`
    for (const garbage of [undefined, null, 7, 'stall', {}, { kind: 'stall' }, { kind: 'unknown' }]) {
      parentPort.postMessage(garbage);
    }
    parentPort.postMessage({ kind: 'watching' });
    ${untilStopped}
  `);
  await expect.poll(() => received[0], fewSeconds).toEqual({ kind: 'watching' });
  expect(lines).toEqual(Array.from({ length: 7 }, () => expect.stringContaining('malformed message')));
});

test.each([
  ['throws', "throw new Error('an agent that fails')", /an agent that fails/],
  ['ends by itself', 'process.exit(3)', /agent thread ended/],
  ['loads what does not parse', "await import('data:text/javascript,const = ;')", /SyntaxError/],
])(
  'one that %s is started again, joined again, and told that it is the second',
  async (_name, failure, line) => {
    const life = live(failingOnce(failure));
    await expect.poll(() => life.received[0], fewSeconds).toEqual({ start: 2 });
    expect(life.joins).toBe(2);
    expect(life.ends).toBe(1);
    expect(life.lines.join('\n')).toMatch(line);
  },
  30_000,
);

test('one that is stopped is not started again, and ends', async () => {
  const life = live(untilStopped);
  await expect.poll(() => life.received, fewSeconds).toHaveLength(1);
  await life.worker.stop();
  expect(life.ends).toBe(1);
  expect(life.lines).toEqual([]);
  await life.worker.stop();
  life.worker.post({ kind: 'flush' });
});

test('one that is stopped while it waits to start again stays off', async () => {
  const life = live("throw new Error('an agent that fails')");
  await expect.poll(() => life.ends, fewSeconds).toBe(1);
  await life.worker.stop();
  // Another that fails now starts again when this one would have done so already.
  const next = live(failingOnce('process.exit(3)'));
  await expect.poll(() => next.received[0], fewSeconds).toEqual({ start: 2 });
  expect(life.joins).toBe(1);
}, 30_000);
