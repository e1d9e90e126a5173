import { describe, expect, test } from 'vitest';
import { kinds, linesOfKind } from '../../../bench/accuracy/kinds.ts';
import { planBlocks } from '../../../bench/accuracy/plan.ts';
import { planRuns } from '../../../bench/accuracy/run-plan.ts';

describe('a plan of blocks', () => {
  const plan = planBlocks(20 * kinds.length, 7);

  test('is the same for the same seed only', () => {
    expect(planBlocks(plan.length, 7)).toEqual(plan);
    expect(planBlocks(plan.length, 8)).not.toEqual(plan);
  });

  test('has every kind equally often', () => {
    const counts = Map.groupBy(plan, ({ kind }) => kind);
    expect(new Set([...counts.values()].map(({ length }) => length))).toEqual(new Set([20]));
    expect(counts.size).toBe(kinds.length);
  });

  test('spreads durations evenly over their logarithm', () => {
    const free = new Set(kinds.filter(({ mostMs }) => mostMs === undefined).map(({ name }) => name));
    const durations = plan.filter(({ kind }) => free.has(kind)).map(({ durationMs }) => durationMs);
    expect(Math.min(...durations)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...durations)).toBeLessThanOrEqual(2_000);
    const short = durations.filter((durationMs) => durationMs < 200).length / durations.length;
    expect(short).toBeCloseTo(0.5, 1);
  });
});

test('each kind is one that the program has, with its function where it says', async () => {
  // Typed as unknown: the program is plain JavaScript.
  const program = '../../../bench/accuracy/program/kinds.mjs';
  const made = ((await import(program)) as { kinds: Readonly<Record<string, unknown>> }).kinds;
  expect(kinds.map(({ name }) => name).toSorted()).toEqual(Object.keys(made).toSorted());
  for (const kind of kinds) {
    expect(linesOfKind(kind).length, kind.name).toBeGreaterThan(2);
  }
});

describe('the runs of a whole measurement', () => {
  const options = { blocks: 100, quietMinutes: 2, peers: true, workers: false, quick: false };
  const runs = planRuns(options);

  test('put every tool through the same blocks', () => {
    const idle = runs.filter(({ scenario }) => scenario.name === 'idle');
    const byTool = [...Map.groupBy(idle, ({ tool }) => tool.name).values()];
    expect(byTool.length).toBe(7);
    for (const own of byTool) {
      const steps = own.flatMap((run) => run.steps);
      expect(steps).toHaveLength(100);
      expect(steps).toEqual(byTool[0]?.flatMap((run) => run.steps));
    }
  });

  test('keep quiet for as long as asked, by each way of being quiet', () => {
    const quiet = (name: string): number =>
      runs
        .filter(({ scenario }) => scenario.name === name)
        .flatMap(({ steps }) => steps)
        .reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect([quiet('quiet'), quiet('quiet throughput')]).toEqual([120_000, 120_000]);
  });

  test('have names of their own', () => {
    expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length);
  });
});
