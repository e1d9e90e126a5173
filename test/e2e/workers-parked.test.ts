// Idle workers of a pool wait in `Atomics.wait`: their loops do not turn, and they are not stalled. What
// their tasks block is told all the same.
import { describe, expect, test } from 'vitest';
import { type App, startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { scrape } from '../harness/scrape.ts';
import { fetchStalls, stallOf } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

const active = 'loopscope_eventloop_stall_active';

/** Waits until so many workers have joined and none is stalled. */
async function settled({ url }: App, workers: number): Promise<void> {
  await until('the workers are idle', async () => {
    const { samples } = await scrape(url);
    const found = samples.filter(({ name, labels }) => name === active && labels['thread'] !== 'main');
    return found.length === workers && found.every(({ value }) => value === 0);
  });
}

/**
 * The workers' stalls that begin while the main thread's delay is told for so many steps of 10 ms, and last: a
 * busy machine makes short ones of its own.
 */
async function stallsWithin({ url }: App, steps: number): Promise<readonly unknown[]> {
  const known = new Set((await fetchStalls(url)).map(({ id }) => id));
  const told = async (): Promise<number> =>
    (await scrape(url)).sum('loopscope_eventloop_delay_seconds_count', { thread: 'main' }) ?? 0;
  const end = (await told()) + steps;
  await until('time has passed', async () => (await told()) >= end, { capMs: 20_000, everyMs: 200 });
  return (await fetchStalls(url)).filter(
    ({ id, thread, durationMs }) => thread.id !== 0 && !known.has(id) && durationMs > 600,
  );
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test('idle workers of piscina are no stalls; a block of a task of theirs is one', async () => {
    await using app = await startApp({ node, args: [fixture('workers/piscina.mjs')] });
    await settled(app, 2);
    expect(await stallsWithin(app, 300)).toEqual([]);
    for (const [task, cause] of [
      ['spinTask', 'cpu'],
      ['childTask', 'sync-io'],
      ['waitTask', 'sync-io'],
    ] as const) {
      app.tell(`${task} 500`);
      await app.printed(new RegExp(`done ${task}`));
      const stall = await stallOf(app.url, task, 'closed');
      expect(stall.thread.id).toBeGreaterThan(0);
      // A sleep is dated to half the rest between two looks, on a busy machine to more.
      expect(stall.durationMs).toBeGreaterThan(300);
      expect(stall.culprit).toMatchObject({ function: task });
      // A machine that is busy itself leaves a thread waiting for a CPU.
      expect([cause, 'starved']).toContain(stall.cause);
      await settled(app, 2);
    }
    expect(await stallsWithin(app, 100)).toEqual([]);
    const captures = (await scrape(app.url)).sum('loopscope_agent_captures_total') ?? 0;
    expect(captures).toBeLessThan(60);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('a worker that waits in a loop of its own module is idle; what it computes is a block', async () => {
    await using app = await startApp({ node, args: [fixture('workers/own-loop.mjs')] });
    await settled(app, 1);
    expect(await stallsWithin(app, 200)).toEqual([]);
    app.tell('500');
    const stall = await stallOf(app.url, 'work', 'closed');
    expect(stall.durationMs).toBeGreaterThan(400);
    await settled(app, 1);
    expect(await stallsWithin(app, 100)).toEqual([]);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });
});
