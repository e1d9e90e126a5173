// What a level costs on a request: main-thread CPU per request of the demo, in one process that switches
// its level itself, every few milliseconds, under steady load.
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../harness/bench.ts';
import { listening, tellsAddress } from '../harness/listening.ts';
import type { Readings } from '../harness/quiet-rounds.ts';
import { launch } from '../harness/running-process.ts';
import { loadUntil } from '../harness/steady-load.ts';
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
  const told = service.printed(/^levels (.*)$/, { capMs: minutes * 60_000 });
  const printed = await loadUntil(
    match[1] ?? '',
    { inFlight, path: (turn) => (turn % 5 === 1 ? '/orders' : `/orders/${1 + (turn % 100)}`) },
    told,
  );
  return JSON.parse(printed.match[1] ?? '{}') as Readings;
}
