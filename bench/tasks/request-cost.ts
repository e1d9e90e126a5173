// What a level costs on a request: main-thread CPU per request of the demo, in one process that switches
// its level itself, every few milliseconds, under steady load.
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../harness/bench.ts';
import { listening, tellsAddress } from '../harness/listening.ts';
import type { Readings } from '../harness/quiet-rounds.ts';
import { launch } from '../harness/running-process.ts';
import { benchFile, loopscope } from '../harness/variant.ts';

const demoFolder = fileURLToPath(new URL('../../packages/demo-app/', import.meta.url));
const requestsPerSlice = 40;
const inFlight = 4;
/** At most, on a machine with other work. */
const minutes = 10;

/** Microseconds of the main thread's CPU per request, by level, one reading for each round. */
export async function requestCosts(
  { node, rounds, sdkFolder }: BenchContext,
  levels: readonly string[],
): Promise<Readings> {
  await using service = launch({
    node,
    variant: loopscope(sdkFolder),
    args: [
      '--import',
      './src/tracing.ts',
      '--import',
      benchFile('programs/switches-level.mjs'),
      'src/server.ts',
    ],
    cwd: demoFolder,
    env: {
      ...tellsAddress,
      DEMO_PORT: '0',
      LOOPSCOPE_TASKS: 'off',
      BENCH_LEVELS: `${sdkFolder}/dist/index.js;${levels.join(',')};${rounds};${requestsPerSlice}`,
    },
  });
  await listening(service);
  const { match } = await service.printed(/listens on (http:\/\/[^/\s]+)/);
  const load = new Load(match[1] ?? '');
  try {
    return await load.until(
      service.printed(/^levels (.*)$/, { capMs: minutes * 60_000 }).then((printed) => printed.match),
    );
  } finally {
    load.stop();
  }
}

/** Healthy requests as the demo's load makes them, as fast as they are answered. */
class Load {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  #stopped = false;
  #turn = 0;

  constructor(url: string) {
    this.#url = url;
  }

  async until(told: Promise<RegExpExecArray>): Promise<Readings> {
    const failed = Promise.all(Array.from({ length: inFlight }, () => this.#ask()));
    const match = await Promise.race([told, failed.then(() => undefined)]);
    return JSON.parse(match?.[1] ?? '{}') as Readings;
  }

  async #ask(): Promise<void> {
    while (!this.#stopped) {
      this.#turn += 1;
      await this.#askOnce(this.#turn % 5 === 1 ? '/orders' : `/orders/${1 + (this.#turn % 100)}`);
    }
  }

  #askOnce(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.#url), { agent: this.#agent });
      asked.on('error', (error) => (this.#stopped ? resolve() : reject(error)));
      asked.on('response', (response) => response.on('end', resolve).resume());
      asked.end();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#agent.destroy();
  }
}
