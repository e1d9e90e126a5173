// Worker threads of the application join the agent of their process by themselves: each with its own
// stalls and metrics, none with an agent of its own, and none of them behaves otherwise.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byNodeOptionsImport, byRequire } from '../harness/preload.ts';
import { ask, scrape } from '../harness/scrape.ts';
import { fetchStalls, stallOf } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

const threads = [
  { name: 'first', culprit: 'blockFirst', label: 'first-1' },
  { name: 'second', culprit: 'blockSecond', label: 'second-1' },
  { name: 'inner', culprit: 'blockInner', label: 'inner-1' },
];

describe.each(supportedNodes)('on Node $name', (node) => {
  // Node tells a worker its name from 24 on, and late in 22.
  const labelled = node.major >= 24;

  test('a block of each thread is told under its own name, while it lasts', async () => {
    await using app = await startApp({ node, args: [fixture('workers/app.mjs')] });
    for (const { name } of threads) {
      await app.printed(new RegExp(`"ready":"${name}"`));
    }
    await until('all have joined', async () => {
      const metrics = await scrape(app.url);
      return metrics.samples.filter((each) => each.name === 'loopscope_eventloop_stall_active').length === 4;
    });
    for (const { name, culprit, label } of threads) {
      app.tell(`${name} 500`);
      const open = await stallOf(app.url, culprit, 'open');
      expect(open.thread.id).toBeGreaterThan(0);
      expect(open.thread.name).toMatch(labelled ? new RegExp(`^${label}$`) : /^(worker|\w+)-\d$/);
      // Only the main thread's stalls are the process's.
      expect((await ask(app.url, '/readyz')).status).toBe(200);
      const closed = await stallOf(app.url, culprit, 'closed');
      expect(closed).toMatchObject({ id: open.id, thread: open.thread, phase: 'running' });
      // A worker's heartbeat is coarse, and its stall's start known to no better than that.
      expect(closed.durationMs).toBeGreaterThan(350);
      expect(closed.culprit).toMatchObject({ late: false });
      expect(closed.captures.flatMap(({ frames }) => frames.map((each) => each.function))).toContain(culprit);
    }
    // All at once, main among them: it is interrupted for each.
    for (const name of ['main', ...threads.map((each) => each.name)]) {
      app.tell(`${name} 700`);
    }
    const wanted = ['blockMain', ...threads.map(({ culprit }) => culprit)];
    await until('all four are told of again', async () => {
      const long = (await fetchStalls(app.url)).filter(
        ({ state, durationMs }) => state === 'closed' && durationMs > 500,
      );
      return wanted.every((culprit) =>
        long.some(({ captures }) =>
          captures.some(({ frames }) => frames.some((each) => each.function === culprit)),
        ),
      );
    });
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('a thread that is ended while it blocks ends its stall, and its gauges; its counters stay', async () => {
    await using app = await startApp({ node, args: [fixture('workers/app.mjs')] });
    await app.printed(/"ready":"inner"/);
    await app.printed(/"ready":"first"/);
    app.tell('first 60000');
    const { thread } = await stallOf(app.url, 'blockFirst', 'open');
    app.tell('end first');
    await app.printed(/"ended":"first"/);
    const closed = await stallOf(app.url, 'blockFirst', 'closed');
    expect(closed.durationMs).toBeLessThan(20_000);
    const labels = { thread: thread.name };
    const metrics = await scrape(app.url);
    expect(metrics.sum('loopscope_eventloop_stall_active', labels)).toBeUndefined();
    const lost = metrics.sum('loopscope_eventloop_stall_time_seconds_total', labels) ?? 0;
    expect(lost).toBeGreaterThanOrEqual((closed.durationMs - 1) / 1000);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('a pool that starts and stops leaves nothing behind', async () => {
    // Threads take long to start on a busy machine: a round of 64 takes seconds.
    const size = 16;
    await using app = await startApp({ node, args: [fixture('workers/pool.mjs'), String(size), '6'] });
    await until('rounds are over', () => /rounds over/.test(app.stdout()), { capMs: 60_000 });
    const rounds = app
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { descriptors: number });
    // Series that were read while their thread lived stay, with their last value or 0.
    const told = (what: string): number => app.stderr().split(what).length - 1;
    await until('all have left', () => told(' joined as ') > 0 && told(' has ended') === told(' joined as '));
    const metrics = await scrape(app.url);
    const labels = new Set(metrics.samples.map((each) => each.labels['thread'] ?? 'main'));
    // A round may begin before the end of the last one is known: twice its size, however many rounds.
    expect(labels.size).toBeLessThanOrEqual(2 * size + 1);
    // A thread closes what it held a while after it is said to be over.
    const atFirst = rounds[0]?.descriptors ?? expect.fail('no round was told of');
    await until('descriptors are as after the first round', async () => {
      const now = (await scrape(app.url)).sum('process_unix_file_descriptor_count');
      return now !== undefined && now <= atFirst + 8;
    });
    expect(await app.finish()).toMatchObject({ exitCode: 0, stdout: expect.any(String) });
  }, 90_000);

  test.each([byNodeOptionsImport, byRequire])(
    'threads end as without it, preloaded by $name',
    async (preload) => {
      await expectSameConduct({ node, args: [fixture('workers/conduct.mjs')] }, { preload, timed: true });
    },
  );

  test.each([
    ['150', 'exit'],
    ['103', 'throw'],
    ['101', 'exit'],
  ])('a process that ends %s ms into the blocks of its workers by %s ends as without it', async (ms, way) => {
    for (const flags of [[], ['--inspect=0']]) {
      const args = [...flags, fixture('workers/left-blocked.mjs'), ms, way];
      await expectSameConduct({ node, args }, { timed: true });
    }
  });

  // Either could be lost in a capture, and the thread would loop for ever.
  test.each([96, 104, 112])(
    'terminations and exits from %i ms into a block on are never lost in a capture',
    async (from) => {
      const moments = Array.from({ length: 8 }, (_, index) => from + index);
      await using app = await startApp({
        node,
        args: [fixture('workers/ended-near-capture.mjs'), ...moments.map(String)],
      });
      const ending = await app.finish();
      expect(ending).toMatchObject({ exitCode: 3, signal: null });
      expect(ending.stdout).toBe(moments.map((ms) => `${ms}: 1\n`).join(''));
    },
  );
});
