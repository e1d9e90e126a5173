// An agent thread that fails in any way costs the application nothing: it runs and ends as without
// Loopscope, and the agent is started again a few times at most.
import { appendFileSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePort, startApp } from '../harness/app.ts';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { copyPackage } from '../harness/package-copy.ts';
import { after, byImport, byImportFrom, byRequire } from '../harness/preload.ts';
import { scrape } from '../harness/scrape.ts';
import { stallOf, stallWhere } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

const brokenAgents = [
  'throws-at-once.cjs',
  'throws-null.cjs',
  'syntax-error.cjs',
  'exits.cjs',
  'rejects.cjs',
  'exhausts-heap.cjs',
  'overflows-stack.cjs',
  'spins.cjs',
  'posts-garbage.cjs',
];

const livesAWhile = fixture('failure/lives-a-while.mjs');
// To give up threads for good one must not be root.
const unprivileged =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

describe.each(supportedNodes)('on Node $name', (node) => {
  test.each(brokenAgents)('the application does not notice an agent that is %s', async (broken) => {
    const { folder, agent } = copyPackage();
    copyFileSync(fixture(`agents/${broken}`), agent);
    await expectSameConduct({ node, args: [livesAWhile] }, { preload: byImportFrom(folder), timed: true });
  });

  test.each(['throws-at-once.cjs', 'spins.cjs'])(
    'the application ends as soon with an agent that is %s',
    async (broken) => {
      const { folder, agent } = copyPackage();
      copyFileSync(fixture(`agents/${broken}`), agent);
      const preload = byImportFrom(folder);
      for (const script of [
        'exit/exit-sync.mjs',
        'exit/exit-after-exec-sync.mjs',
        'exit/uncaught-timer.cjs',
      ]) {
        await expectSameConduct({ node, args: [fixture(script)] }, { preload, timed: true });
      }
    },
  );

  test('the application does not notice an agent that is missing', async () => {
    const { folder, agent } = copyPackage();
    rmSync(agent);
    await expectSameConduct({ node, args: [livesAWhile] }, { preload: byImportFrom(folder), timed: true });
  });

  test('an agent that always fails is started again three times, then no more', async () => {
    const { folder, agent } = copyPackage();
    const starts = join(folder, 'starts');
    writeFileSync(
      agent,
      `require('node:fs').appendFileSync(${JSON.stringify(starts)}, 'x');\nthrow new Error();`,
    );
    const preload = after(byImportFrom(folder), '--require', fixture('failure/hasty-timers.cjs'));
    await using app = await startApp(
      { node, args: [fixture('blocks/app.mjs')], preload: preload.ours },
      { endpoint: false },
    );
    await until('it is given up', () => /stays off/.test(app.stderr()));
    expect(readFileSync(starts, 'utf8')).toBe('xxxx');
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('an agent that crashes once comes back and watches', async () => {
    const { folder, agent } = copyPackage();
    const bomb = join(folder, 'bomb');
    appendFileSync(
      agent,
      `;setInterval(() => {
        if (require('node:worker_threads').workerData.start === 1 && require('node:fs').existsSync(${JSON.stringify(bomb)})) {
          throw new Error('a fault in the agent');
        }
      }, 10);`,
    );
    const port = await freePort();
    const preload = byImportFrom(folder).ours;
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')], preload }, { port });
    await until('the first agent answers', () => scrape(app.url));
    writeFileSync(bomb, '');
    await until(
      'the second agent answers',
      async () => (await scrape(app.url)).sum('loopscope_agent_starts_total') === 2,
    );
    app.tell('cpu-loop 300');
    expect(await stallOf(app.url, 'priceOrders', 'closed')).toMatchObject({ phase: 'running' });
    expect(app.stderr()).toBe('');
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test.skipIf(!existsSync('/usr/bin/prlimit'))('runs where no thread can be started', async () => {
    const preload = after(byRequire, '--require', fixture('failure/no-more-threads.cjs'));
    const command = { node, args: [fixture('loading/cjs.cjs')], within: unprivileged };
    expect(await expectSameConduct(command, { preload })).toMatchObject({ exitCode: 0 });
  });

  test('watches without stacks where Node has no inspector', async () => {
    const preload = after(byImport, '--require', fixture('failure/no-inspector.cjs')).ours;
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')], preload });
    app.tell('cpu-loop 300');
    const stall = await stallWhere(app.url, 'a stall ends', ({ state }) => state === 'closed');
    expect(stall.captures).toEqual([]);
    expect(stall.culprit).toBeUndefined();
  });
});
