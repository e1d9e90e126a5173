// The service under Loopscope, and the load on it, as children of the runner.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ListeningMessage, LoadSummary } from '../messages.ts';
import { findPort, parsePort } from '../port.ts';
import { AgentClient } from './agent-client.ts';
import { Child } from './child.ts';

/** Something that ends the demo, said in words that help. */
export class DemoError extends Error {}

export interface Service {
  readonly child: Child;
  readonly url: string;
  readonly agentUrl: string;
  readonly client: AgentClient;
  /** The command line, as one would type it. */
  readonly command: string;
}

const host = '127.0.0.1';
const defaultAgentPort = 9465;
const endpointTimeoutMs = 10_000;
const retryMs = 20;
const packageRoot = join(import.meta.dirname, '..', '..');
const preload = '@loopscope/sdk/register';
const serviceArgs = ['--import', preload, '--import', './src/tracing.ts', 'src/server.ts'];
const loadRequestsPerSecond = 20;

/** Starts the service, preloaded with Loopscope, and waits until both have answered. */
export async function startService(
  { once, onLine }: { once: boolean; onLine: (line: string) => void },
  signal: AbortSignal,
): Promise<Service> {
  if (!existsSync(fileURLToPath(import.meta.resolve(preload)))) {
    throw new DemoError(
      'Loopscope is not built yet. Run "npm run build" first, or start with "npm run demo".',
    );
  }
  const agentPort = await chooseAgentPort(once);
  const env = {
    ...process.env,
    DEMO_PORT: process.env['DEMO_PORT'] || '0',
    LOOPSCOPE_HOST: host,
    LOOPSCOPE_PORT: String(agentPort),
    // The service shows what leaks: its tasks are counted, unless one asks for something else.
    LOOPSCOPE_TASKS: process.env['LOOPSCOPE_TASKS'] || 'counts',
  };
  const child = new Child({ args: serviceArgs, cwd: packageRoot, env, onLine });
  const agentUrl = `http://${host}:${agentPort}`;
  const client = new AgentClient(agentUrl, process.env['LOOPSCOPE_TOKEN']);
  signal.addEventListener('abort', () => void child.stop(), { once: true });
  try {
    const listening = await child.message<ListeningMessage>('listening');
    if (listening === undefined) {
      signal.throwIfAborted();
      throw new DemoError(`The service ${await child.exited} before it listened.`);
    }
    const url = `http://${host}:${listening.port}`;
    await Promise.all([waitForEndpoint(client, child, signal), warmUp(url, signal)]);
    return { child, url, agentUrl, client, command: `node ${serviceArgs.join(' ')}` };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** With `--once` any free port, since such runs go side by side; else the one that people expect. */
async function chooseAgentPort(once: boolean): Promise<number> {
  const asked = process.env['LOOPSCOPE_PORT'];
  const wanted = parsePort(asked, once ? 0 : defaultAgentPort);
  if (wanted === undefined) {
    throw new DemoError(
      `LOOPSCOPE_PORT must be a whole number from 0 to 65535, not ${JSON.stringify(asked)}.`,
    );
  }
  const port = await findPort(host, wanted);
  if (asked && wanted !== 0 && port !== wanted) {
    throw new DemoError(
      `Port ${wanted} of ${host} is taken. Set LOOPSCOPE_PORT to another one, or leave it out.`,
    );
  }
  return port;
}

async function waitForEndpoint(client: AgentClient, child: Child, signal: AbortSignal): Promise<void> {
  const until = performance.now() + endpointTimeoutMs;
  for (;;) {
    try {
      await client.look();
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!child.running) {
        throw new DemoError(`The service ${await child.exited}.`);
      }
      if (performance.now() > until) {
        throw new DemoError(
          `Loopscope's endpoint does not answer: ${(error as Error).message}. Do LOOPSCOPE_* variables turn it off?`,
        );
      }
      await delay(retryMs, undefined, { signal });
    }
  }
}

/** The first request runs cold code, for longer than any other: it is not part of a fault. */
async function warmUp(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/orders/1`, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new DemoError(`The service does not answer: ${(error as Error).message}.`);
  });
  await response.text();
}

/** Load on the service, for at most a time. */
export class Load {
  readonly #child: Child;
  readonly #summary: Promise<LoadSummary | undefined>;

  constructor(url: string, seconds: number, onLine: (line: string) => void) {
    this.#child = new Child({
      args: ['src/load.ts', '--url', url, '--rate', `${loadRequestsPerSecond}`, '--seconds', `${seconds}`],
      cwd: packageRoot,
      env: process.env,
      onLine,
    });
    this.#summary = this.#child.message<LoadSummary>('summary');
  }

  /** Ends the load; undefined where it could not tell how it went. */
  async stop(): Promise<LoadSummary | undefined> {
    await this.#child.stop();
    return await this.#summary;
  }
}
