// What a census costs per task when very many are created within it, beside the same work without one.
import { execFileSync } from 'node:child_process';
import type { BenchContext } from '../harness/bench.ts';
import { benchFile, environmentOf, loopscope } from '../harness/variant.ts';

export const tasksCreated = 100_000;

export interface Creation {
  /** Milliseconds of the thread's CPU. */
  readonly createMs: number;
  /** To begin the census. */
  readonly beginMs: number;
  /** To end it. */
  readonly endMs: number;
  /** The longest turn of the loop while it is told. */
  readonly longestTurnMs: number;
  readonly residentBytes: number;
}

export interface CensusRound {
  readonly plain: Creation;
  readonly census: Creation;
}

export function measureCensus(context: BenchContext, rounds: number): readonly CensusRound[] {
  return Array.from({ length: rounds }, () => ({
    plain: create(context, 'plain'),
    census: create(context, 'census'),
  }));
}

function create({ node, sdkFolder }: BenchContext, mode: 'plain' | 'census'): Creation {
  const variant = loopscope(sdkFolder);
  const program = [
    benchFile('programs/creates-tasks.mjs'),
    mode,
    `${tasksCreated}`,
    `${sdkFolder}/dist/index.js`,
  ];
  const env = { ...environmentOf(variant), LOOPSCOPE_TASKS: 'rate' };
  return JSON.parse(
    execFileSync(node.path, [...variant.args, ...program], { env, encoding: 'utf8' }),
  ) as Creation;
}
