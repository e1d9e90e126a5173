// From a process's start to the moment at which its agent watches: once in an application that is
// idle, where its word for it arrives by way of the main thread; and once in one that loads for a
// second, where main can say nothing. There the agent's thread tells when its endpoint is open, which
// comes after it has begun to watch; and the endpoint's first answer proves it.
import type { NodeRelease } from '../../test/harness/nodes.ts';
import { ask } from '../../test/harness/scrape.ts';
import type { Measurement } from '../harness/bench.ts';
import { listening, tellsAddress } from '../harness/listening.ts';
import { collectRounds } from '../harness/quiet-rounds.ts';
import { launch } from '../harness/running-process.ts';
import { summarize } from '../harness/statistics.ts';
import { figure, range } from '../harness/table.ts';
import { benchFile, type Variant } from '../harness/variant.ts';

export interface WatchingOptions {
  readonly node: NodeRelease;
  readonly rounds: number;
  readonly ours: Variant;
}

const saysIt = 'idle: the agent says that it watches';
const opens = 'booting: the endpoint is open';
const answers = 'booting: /livez has answered';

export async function measureWatching({ node, rounds, ours }: WatchingOptions): Promise<Measurement> {
  const taken = await collectRounds({
    rounds,
    limitMs: 5_000,
    round: async () => ({
      [saysIt]: await timeToWatching(node, ours),
      ...(await timesWhileBooting(node, ours)),
    }),
  });
  const { readings, quiet, disturbed } = taken;
  const { median, interval } = summarize(readings[opens] ?? []);
  const neighbours = disturbed === 0 ? '' : `, ${disturbed} disturbed by other load`;
  return {
    tables: [
      {
        title: `From spawn to watching (ms); ${quiet + disturbed} rounds${neighbours}`,
        headings: ['', 'median', 'quartiles', 'slowest'],
        rows: Object.entries(readings).map(([name, times]) => {
          const summary = summarize(times);
          return [name, figure(summary.median), range(summary.quartiles), figure(Math.max(...times))];
        }),
      },
    ],
    bars: [
      {
        name: 'from spawn to an open endpoint while the application boots, median',
        value: median,
        interval,
        limit: 150,
        kind: 'at most',
        unit: 'ms',
      },
    ],
    readings: { watching: taken },
  };
}

async function timeToWatching(node: NodeRelease, variant: Variant): Promise<number> {
  const args = [benchFile('programs/idle.mjs')];
  await using running = launch({ node, variant, args, env: tellsAddress });
  const { at } = await running.printed(/agent watches/);
  return at - running.spawnedAt;
}

async function timesWhileBooting(node: NodeRelease, variant: Variant): Promise<Record<string, number>> {
  const args = [benchFile('programs/boots-slowly.mjs')];
  await using running = launch({ node, variant, args, env: tellsAddress });
  const { url, at } = await listening(running);
  const { status } = await ask(url, '/livez');
  if (status !== 200) {
    throw new Error(`/livez answered ${status} while the application booted`);
  }
  return { [opens]: at - running.spawnedAt, [answers]: performance.now() - running.spawnedAt };
}
