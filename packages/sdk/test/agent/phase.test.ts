import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PhaseEvidence, phaseOf, standsOnLoader } from '../../src/agent/phase.ts';
import type { RawCallSite } from '../../src/shared/messages.ts';

describe('the phase is', () => {
  const cases: readonly [string, Partial<PhaseEvidence>, string][] = [
    ['startup while the loop has never turned', { hasTurned: false }, 'startup'],
    ['startup then, even where the stack shows no loader', { hasTurned: false, loading: false }, 'startup'],
    ['running in a callback of the first turns', { tickedMs: 0, loading: false }, 'running'],
    ['startup while modules are loaded between early turns', { tickedMs: 50, loading: true }, 'startup'],
    ['startup between early turns, where no stack tells', { tickedMs: 249, loading: undefined }, 'startup'],
    ['startup while modules are loaded for long', { tickedMs: 9999, loading: true }, 'startup'],
    ['running when an early stack is one of a callback', { tickedMs: 25, loading: false }, 'running'],
    ['running once the loop has turned for a while', { tickedMs: 250, loading: undefined }, 'running'],
    ['running when a module is loaded late', { tickedMs: 10_000, loading: true }, 'running'],
    ['exiting in exit listeners', { exiting: true, tickedMs: 60_000 }, 'exiting'],
    ['exiting in those of a process that never turned', { exiting: true, hasTurned: false }, 'exiting'],
  ];
  test.each(cases)('%s', (_name, evidence, phase) => {
    expect(phaseOf({ exiting: false, hasTurned: true, tickedMs: 0, loading: undefined, ...evidence })).toBe(
      phase,
    );
  });
});

describe("on Node's own stacks, the loader is seen under", () => {
  let stacks: Readonly<Record<string, readonly RawCallSite[]>>;

  beforeAll(() => {
    const program = join(import.meta.dirname, 'fixtures/loading-stacks.mjs');
    stacks = JSON.parse(execFileSync(process.execPath, [program], { encoding: 'utf8' })) as typeof stacks;
  });

  test.each([
    ['an ES module', true],
    ['a required module', true],
    ['an imported module', true],
    ['a timer', false],
    ['an immediate', false],
    ['a tick', false],
    ['a message', false],
    ['a promise of the loop', false],
  ])('%s: %s', (place, loading) => {
    const stack = stacks[place] ?? expect.fail(`no stack of ${place}`);
    expect(standsOnLoader(stack), JSON.stringify(stack, undefined, 1)).toBe(loading);
  });
});

describe('a stack stands', () => {
  const stack = (...scriptNames: string[]): RawCallSite[] =>
    scriptNames.map((scriptName) => ({ functionName: 'f', scriptName, lineNumber: 1, columnNumber: 1 }));
  const queues = 'node:internal/process/task_queues';

  test.each<[string, boolean, RawCallSite[]]>([
    ['on no loader where there is none', false, []],
    ['on no loader without any frame of Node', false, stack('/app/node:internal/modules/a.js')],
    ['on no loader in a promise of the loop', false, stack('/app/a.js', queues)],
    [
      'on the loader that a promise runs',
      true,
      stack('/app/a.js', 'node:internal/modules/esm/module_job', queues),
    ],
    [
      'on the callback that loads late',
      false,
      stack('/app/a.js', 'node:internal/modules/cjs/loader', 'node:events'),
    ],
  ])('%s', (_name, loading, callSites) => {
    expect(standsOnLoader(callSites)).toBe(loading);
  });
});
