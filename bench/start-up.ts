// What Loopscope adds to the start of a process, in time and memory, over the floor that any agent
// with a native heartbeat and a thread of its own stands on; and how soon it watches.
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { startCollector } from './harness/collector.ts';
import { floor, loopscope, loopscopeWithOtlp, nothing } from './harness/variant.ts';
import { measureDemo } from './start-up/demo.ts';
import { measureMemory } from './start-up/memory.ts';
import { measureWall } from './start-up/wall.ts';
import { measureWatching } from './start-up/watching.ts';

async function measure({ node, rounds, sdkFolder }: BenchContext): Promise<Measurement> {
  await using collector = await startCollector();
  const ours = loopscope(sdkFolder);
  const oursWithOtlp = loopscopeWithOtlp(sdkFolder, collector.url);
  const parts = [
    await measureWall({ node, rounds, nothing, floor, ours, oursWithOtlp }),
    await measureMemory({
      node,
      rounds: Math.ceil(rounds / 13),
      nothing,
      floor,
      ours,
      oursWithOtlp,
      collector,
    }),
    await measureDemo({ node, rounds: Math.ceil(rounds / 3), nothing, floor, ours }),
    await measureWatching({ node, rounds: Math.ceil(rounds / 4), ours }),
  ];
  return {
    tables: parts.flatMap(({ tables }) => tables),
    bars: parts.flatMap(({ bars }) => bars),
    readings: Object.assign({}, ...parts.map(({ readings }) => readings)),
  };
}

await runBench({
  name: 'start-up',
  title: 'Start-up: time and memory over a preload that only creates the histogram and an empty worker',
  rounds: 40,
  roundsHelp: 'starts of the empty script per variant; of the demo a third as many, of the rest fewer',
  measure,
});
