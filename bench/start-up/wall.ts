// How long an empty script runs, from spawn to exit.
import { spawnSync } from 'node:child_process';
import type { NodeRelease } from '../../test/harness/nodes.ts';
import type { Measurement } from '../harness/bench.ts';
import { collectRounds } from '../harness/quiet-rounds.ts';
import { benchFile, environmentOf, type Variant } from '../harness/variant.ts';
import { barOver, compareTo, rotated } from './comparison.ts';

export interface WallOptions {
  readonly node: NodeRelease;
  readonly rounds: number;
  readonly nothing: Variant;
  readonly floor: Variant;
  readonly ours: Variant;
  readonly oursWithOtlp: Variant;
}

export async function measureWall({ node, rounds, ...variants }: WallOptions): Promise<Measurement> {
  const { nothing, floor, ours, oursWithOtlp } = variants;
  const all = [nothing, floor, ours, oursWithOtlp];
  const taken = await collectRounds({
    rounds,
    limitMs: 20_000,
    round: async (index) => {
      const walls = new Map(rotated(all, index).map((each) => [each, timeEmptyScript(node, each)]));
      return Object.fromEntries(all.map((each) => [each.name, walls.get(each) ?? Number.NaN]));
    },
  });
  const bar = { name: 'wall of an empty script over the floor, median', limit: 5, unit: 'ms' };
  return {
    tables: [compareTo(floor.name, 'An empty script, from spawn to exit (ms)', taken)],
    bars: [barOver(floor.name, ours.name, taken.readings, bar)],
    readings: { wall: taken },
  };
}

// Synchronous, so that no event loop of the benchmark's own stands between the exit and its reading.
function timeEmptyScript(node: NodeRelease, variant: Variant): number {
  const start = process.hrtime.bigint();
  const { status, signal } = spawnSync(node.path, [...variant.args, benchFile('programs/empty.mjs')], {
    env: environmentOf(variant),
    stdio: 'ignore',
  });
  const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) {
    throw new Error(`the empty script with ${variant.name} ended with ${signal ?? status}`);
  }
  return wallMs;
}
