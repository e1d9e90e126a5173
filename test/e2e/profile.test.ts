// With a CPU profile on, a native call is named under its caller, each stall has a flame graph, and the
// process ends as it would without; without the option there is no profile at all.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type App, startApp } from '../harness/app.ts';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { type NodeRelease, supportedNodes } from '../harness/nodes.ts';
import { ask, scrape } from '../harness/scrape.ts';
import { stallWhere } from '../harness/stalls.ts';

const profiling = { LOOPSCOPE_PROFILE: 'true' };
const blocksAsTold = [fixture('blocks/app.mjs')];

/** The part of the format that viewers rely on. */
interface ProfileFile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: Readonly<Record<string, unknown>>;
    readonly hitCount: number;
    readonly children: readonly number[];
  }[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

// The signal that V8 takes samples by is number 27 on Linux.
function catchesProfilingSignal({ pid }: App): boolean {
  const [, mask = '0'] = /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (BigInt(`0x${mask}`) & (1n << 26n)) !== 0n;
}

function startBlocking(node: NodeRelease, env: Readonly<Record<string, string>>): Promise<App> {
  return startApp({ node, args: blocksAsTold, env });
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test('a block by JSON.parse is blamed on its caller, not late, and has a flame graph', async () => {
    await using app = await startBlocking(node, profiling);
    expect(catchesProfilingSignal(app)).toBe(true);
    app.tell('json-parse 400');
    const { culprit, profile, cpuProfile } = (await stallWhere(app.url, 'it has its profile', (stall) => {
      return stall.profile !== undefined && stall.culprit?.function === 'readCatalogue';
    })) as Awaited<ReturnType<typeof stallWhere>> & { readonly cpuProfile?: string };
    const place = { function: 'readCatalogue', file: fixture('blocks/json-parse.mjs'), line: 18 };
    expect(culprit).toMatchObject({ ...place, late: false });
    expect(profile?.functions).toContainEqual(expect.objectContaining(place));
    expect(profile?.packages).toContainEqual(expect.objectContaining({ package: '(application)' }));

    const response = await ask(app.url, cpuProfile ?? '');
    expect(response.status).toBe(200);
    const text = await response.text();
    const { nodes, samples, timeDeltas, startTime, endTime } = JSON.parse(text) as ProfileFile;
    const ids = new Set(nodes.map(({ id }) => id));
    // Those of our own probes, and at the edges, are in one of the two only.
    expect(samples.length).toBeGreaterThan((profile?.samples ?? 0) / 2);
    expect(profile?.samples).toBeGreaterThan(5);
    expect(timeDeltas).toHaveLength(samples.length);
    expect([...samples, ...nodes.flatMap(({ children }) => children)].every((id) => ids.has(id))).toBe(true);
    expect(timeDeltas.every((delta) => Number.isInteger(delta) && delta >= 0)).toBe(true);
    expect(timeDeltas.reduce((sum, delta) => sum + delta, 0)).toBeLessThanOrEqual(endTime - startTime + 1);
    for (const { callFrame } of nodes) {
      expect(callFrame).toEqual({
        functionName: expect.any(String),
        scriptId: expect.any(String),
        url: expect.any(String),
        lineNumber: expect.any(Number),
        columnNumber: expect.any(Number),
      });
    }
    // Names and places, and not what was parsed or the code.
    expect(text).not.toMatch(/a-1|stock|JSON\.parse/);
    expect((await scrape(app.url)).sum('loopscope_agent_failures_total', { part: 'profile' }) ?? 0).toBe(0);
  });

  test("a synchronous function of Node's is named, and its caller is blamed", async () => {
    await using app = await startBlocking(node, profiling);
    app.tell('pbkdf2-sync 300');
    const { culprit, profile } = await stallWhere(app.url, 'it has its profile', (stall) => {
      return stall.profile !== undefined && stall.culprit?.file === fixture('blocks/pbkdf2-sync.mjs');
    });
    expect(culprit?.late).toBe(false);
    // The native function beneath, `run`, is named by V8 for some calls and not for others.
    expect(profile?.functions[0]).toMatchObject({ function: 'pbkdf2Sync' });
  });

  test('without the option nothing of it is there', async () => {
    await using app = await startBlocking(node, {});
    expect(catchesProfilingSignal(app)).toBe(false);
    app.tell('json-parse 300');
    const stall = await stallWhere(app.url, 'it is closed', ({ state, culprit }) => {
      return state === 'closed' && culprit?.file === fixture('blocks/json-parse.mjs');
    });
    expect(stall).not.toHaveProperty('profile');
    expect(stall).not.toHaveProperty('cpuProfile');
    expect((await ask(app.url, `/stalls/${stall.id}.cpuprofile`)).status).toBe(404);
  });

  test.each([
    { script: 'exit-timer.mjs', ends: { exitCode: 7 } },
    { script: 'uncaught-timer.cjs', ends: { exitCode: 1 } },
    { script: 'kill-within-block.mjs', ends: { signal: 'SIGTERM' } },
    { script: 'end-after-exec-sync.mjs', ends: { exitCode: 0 } },
  ] as const)('$script ends as it does without, also under --inspect', async ({ script, ends }) => {
    for (const flags of [[], ['--inspect=0']]) {
      const args = [...flags, fixture(`exit/${script}`)];
      expect(await expectSameConduct({ node, args, env: profiling })).toMatchObject(ends);
    }
  });
});
