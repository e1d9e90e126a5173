// A real service's time from spawn to listening, with and without the preload; and with the floor's, to
// tell what of it any agent with a thread of its own would cost.
import { fileURLToPath } from 'node:url';
import type { NodeRelease } from '../../test/harness/nodes.ts';
import type { Measurement } from '../harness/bench.ts';
import { collectRounds } from '../harness/quiet-rounds.ts';
import { launch, readRunTimes } from '../harness/running-process.ts';
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

/** Until the service listens, in milliseconds. */
interface Start {
  readonly wall: number;
  /** CPU time of its main thread: what the preload costs it when no neighbour is in the way. */
  readonly mainCpu: number;
}

export async function measureDemo(options: DemoOptions): Promise<Measurement> {
  const { node, rounds, nothing, floor, ours } = options;
  const all = [nothing, floor, ours];
  const mainCpu: Record<string, number[]> = Object.fromEntries(all.map(({ name }) => [name, []]));
  const walls = await collectRounds({
    rounds,
    limitMs: 30_000,
    round: async (index) => {
      const times: Record<string, number> = Object.fromEntries(all.map(({ name }) => [name, 0]));
      for (const variant of rotated(all, index)) {
        const start = await timeStart(node, variant);
        times[variant.name] = start.wall;
        mainCpu[variant.name]?.push(start.mainCpu);
      }
      return times;
    },
  });
  const cpu = { readings: mainCpu, quiet: mainCpu[nothing.name]?.length ?? 0, disturbed: 0 };
  const bar = { name: 'the demo from spawn to listening over no preload, median', limit: 20, unit: 'ms' };
  return {
    tables: [
      compareTo(nothing.name, 'The demo service, from spawn to listening (ms)', walls),
      compareTo(nothing.name, 'CPU time of its main thread by then (ms)', cpu),
    ],
    bars: [barOver(nothing.name, ours.name, walls.readings, bar)],
    readings: { demoListening: walls, demoMainCpu: mainCpu },
  };
}

async function timeStart(node: NodeRelease, variant: Variant): Promise<Start> {
  await using service = launch({ node, variant, args, cwd, env: { DEMO_PORT: '0' } });
  const { at } = await service.printed(/ listens on /);
  const mainCpu = (readRunTimes(service.pid).get(service.pid) ?? 0) / 1e6;
  return { wall: at - service.spawnedAt, mainCpu };
}
