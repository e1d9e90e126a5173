// The wait for a thread of the libuv pool, as the probe measures it, against the true one of a pool that
// real crypto jobs keep full: the program knows it from when its jobs were put there and when done.
import { setTimeout as pass } from 'node:timers/promises';
import { scrape } from '../test/harness/scrape.ts';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { listening, tellsAddress } from './harness/listening.ts';
import { launch } from './harness/running-process.ts';
import { figure, type Table } from './harness/table.ts';
import { benchFile, loopscope } from './harness/variant.ts';

const windowMs = 20_000;
const settlingMs = 3_000;
/** Jobs on the pool at any time, of which four run. */
const loads = [8, 16, 32];
const mostError = 0.2;

interface Reading {
  readonly lanes: number;
  readonly probes: number;
  readonly measuredMs: number;
  readonly trueMs: number;
  /** Measured over true, less one. */
  readonly error: number;
}

async function measure({ node, rounds, sdkFolder }: BenchContext): Promise<Measurement> {
  const readings: Reading[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const lanes of loads) {
      readings.push(await measureOnce(node, sdkFolder, lanes, round + 1));
    }
  }
  return {
    tables: [table(readings)],
    bars: readings.map(({ lanes, error }) => ({
      name: `wait of the pool with ${lanes} jobs, error`,
      value: Math.abs(error),
      limit: mostError,
      kind: 'at most',
      unit: '',
      digits: 3,
    })),
    readings,
  };
}

async function measureOnce(
  node: BenchContext['node'],
  sdkFolder: string,
  lanes: number,
  seed: number,
): Promise<Reading> {
  const args = [benchFile('programs/full-pool.mjs'), String(seed), String(lanes)];
  await using running = launch({ node, variant: loopscope(sdkFolder), args, env: tellsAddress });
  const { url } = await listening(running);
  const probes = async (): Promise<{ count: number; sum: number }> => {
    const metrics = await scrape(url);
    return {
      count: metrics.sum('loopscope_threadpool_wait_seconds_count') ?? 0,
      sum: metrics.sum('loopscope_threadpool_wait_seconds_sum') ?? 0,
    };
  };
  await running.printed(/^full$/);
  await pass(settlingMs);
  running.tell('from');
  const before = await probes();
  await pass(windowMs);
  const after = await probes();
  running.tell('until');
  const { match } = await running.printed(/^truth (.*)$/);
  const { meanMs: trueMs } = JSON.parse(match[1] ?? '') as { meanMs: number };
  const count = after.count - before.count;
  const measuredMs = ((after.sum - before.sum) * 1000) / count;
  return { lanes, probes: count, measuredMs, trueMs, error: measuredMs / trueMs - 1 };
}

function table(readings: readonly Reading[]): Table {
  return {
    title: `Wait for a thread of the pool, mean over ${windowMs / 1000} s (ms)`,
    headings: ['jobs on the pool', 'probes', 'measured', 'true', 'error'],
    rows: readings.map(({ lanes, probes, measuredMs, trueMs, error }) => [
      String(lanes),
      String(probes),
      figure(measuredMs, 1),
      figure(trueMs, 1),
      `${figure(error * 100, 1)} %`,
    ]),
  };
}

await runBench({
  name: 'pool',
  title: "Thread pool: the probe's wait beside the true one",
  rounds: 1,
  roundsHelp: 'seeds, each with every load',
  measure,
});
