// A limit on ourselves, in a real process: with a budget that Loopscope can't keep to, features go off one by one, each
// said once and shown in a metric, and the application notices nothing.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

/** The first windows are ten seconds long. */
const capMs = 50_000;

describe.each(supportedNodes)('on Node $name', (node) => {
  test('what takes too much is switched off, in order', { timeout: 70_000 }, async () => {
    // On Node 22 tasks are counted together with promises only.
    const promises = node.major < 24 ? { LOOPSCOPE_TASK_PROMISES: 'true' } : {};
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: {
        LOOPSCOPE_BUDGET_PERCENT: '0.01',
        LOOPSCOPE_TASKS: 'counts',
        LOOPSCOPE_REQUEST: 'true',
        ...promises,
      },
    });
    const limited = async (): Promise<(number | undefined)[]> => {
      const metrics = await scrape(app.url);
      return ['profile', 'tasks', 'request'].map((feature) =>
        metrics.sum('loopscope_agent_limited', { feature }),
      );
    };
    await until('it has been sampled', async () => (await limited())[0] !== undefined);
    expect(await limited()).toEqual([0, 0, 0]);
    await until('tasks are off', async () => (await limited())[1] === 1, { capMs });
    expect(await limited()).toEqual([0, 1, 0]);
    const level = await until('the rate alone is read', async () => {
      const { samples } = await scrape(app.url);
      return samples.find(
        ({ name, labels }) => name === 'loopscope_async_level' && labels['level'] === 'rate',
      );
    });
    expect(level.value).toBe(1);
    // Accepted by the agent, and refused by the thread, which knows why.
    const asked = await fetch(`${app.url}/tasks?level=census`, { method: 'POST' });
    expect(asked.status).toBe(202);
    await until('the census is refused', async () => {
      const failures = (await scrape(app.url)).sum('loopscope_agent_failures_total', { part: 'tasks' });
      return failures === 1;
    });
    const own = await scrape(app.url);
    expect(own.sum('loopscope_agent_thread_time_seconds_total', { part: 'sample' })).toBeGreaterThan(0);
    await until('requests are not followed', async () => (await limited())[2] === 1, { capMs });
    const lines = app.stderr().match(/^loopscope: Loopscope took .*$/gm) ?? [];
    expect(lines.slice(0, 2)).toEqual([
      expect.stringMatching(
        /^loopscope: Loopscope took \d+\.\d\d % of the main thread, over its budget of 0\.01 % \(LOOPSCOPE_BUDGET_PERCENT\): tasks are looked at by their rate alone from now on$/,
      ),
      expect.stringMatching(/: requests are not followed from now on$/),
    ]);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });
});
