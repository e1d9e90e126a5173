// A real service's time from spawn to listening, with and without the preload; and with the floor's, to
// tell what of it any agent with a thread of its own would cost.
import { fileURLToPath } from 'node:url';
import type { NodeRelease } from '../../test/harness/nodes.ts';
import type { Measurement } from '../harness/bench.ts';
import { collectRounds } from '../harness/quiet-rounds.ts';
import { launch } from '../harness/running-process.ts';
import type { Variant } from '../harness/variant.ts';
import { barOver, compareTo, rotated } from './comparison.ts';

export interface DemoOptions {
  readonly node: NodeRelease;
  readonly rounds: number;
  readonly nothing: Variant;
  readonly floor: Variant;
  readonly ours: Variant;
}

const cwd = fileURLToPath(new URL('../../packages/demo-app/', import.meta.url));
const args = ['--import', './src/tracing.ts', 'src/server.ts'];

export async function measureDemo(options: DemoOptions): Promise<Measurement> {
  const { node, rounds, nothing, floor, ours } = options;
  const all = [nothing, floor, ours];
  const taken = await collectRounds({
    rounds,
    limitMs: 30_000,
    round: async (index) => {
      const times: Record<string, number> = Object.fromEntries(all.map(({ name }) => [name, 0]));
      for (const variant of rotated(all, index)) {
        times[variant.name] = await timeToListen(node, variant);
      }
      return times;
    },
  });
  const bar = { name: 'the demo from spawn to listening over no preload, median', limit: 20, unit: 'ms' };
  return {
    tables: [compareTo(nothing.name, 'The demo service, from spawn to listening (ms)', taken)],
    bars: [barOver(nothing.name, ours.name, taken.readings, bar)],
    readings: { demoListening: taken },
  };
}

async function timeToListen(node: NodeRelease, variant: Variant): Promise<number> {
  await using service = launch({ node, variant, args, cwd, env: { DEMO_PORT: '0' } });
  const { at } = await service.printed(/ listens on /);
  return at - service.spawnedAt;
}
