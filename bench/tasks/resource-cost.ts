// What reading the active resources takes of a thread that has very many.
import { execFileSync } from 'node:child_process';
import type { BenchContext } from '../harness/bench.ts';
import { benchFile, environmentOf, loopscope } from '../harness/variant.ts';

export const socketsHeld = 10_000;
export const timersHeld = 100_000;
/** A read at this size is followed by none for half a minute or so. */
const seconds = 75;

export interface ResourceReads {
  readonly elapsedMs: number;
  readonly turns: readonly { readonly ms: number; readonly cpuMs: number; readonly resources: number }[];
}

export function measureResources({ node, sdkFolder }: BenchContext): ResourceReads {
  const variant = loopscope(sdkFolder);
  const env = {
    ...environmentOf(variant),
    LOOPSCOPE_TASKS: 'rate',
    BENCH_RESOURCES: `${socketsHeld},${timersHeld},${seconds}`,
  };
  const args = [
    '--import',
    benchFile('programs/many-resources.mjs'),
    ...variant.args,
    benchFile('programs/empty.mjs'),
  ];
  return JSON.parse(execFileSync(node.path, args, { env, encoding: 'utf8' })) as ResourceReads;
}
