// The libuv pool belongs to the application. However full it is, telemetry leaves; and however slow
// what telemetry waits for, the application's jobs do not wait behind it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byImport } from '../harness/preload.ts';
import { privateMounts } from '../harness/private-mounts.ts';
import { run } from '../harness/run.ts';
import { scrape } from '../harness/scrape.ts';
import { silentResolver } from '../harness/silent-resolver.ts';
import { fetchStalls } from '../harness/stalls.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { until } from '../harness/until.ts';

const smallPool = { UV_THREADPOOL_SIZE: '1' };
const isRoot = process.getuid?.() === 0;

/** That telemetry does not arrive may be said, in one line. */
const normalize = (text: string): string => text.replace(/^loopscope: .*\n/, '');

/** Telemetry that goes to a name, which takes a resolver. */
const byName = {
  ...smallPool,
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example:4318',
  OTEL_METRIC_EXPORT_INTERVAL: '200',
  OTEL_METRIC_EXPORT_TIMEOUT: '200',
};

describe.each(supportedNodes)('on Node $name', (node) => {
  test('answers while the application keeps a pool of one thread full', async () => {
    await using app = await startApp({ node, args: [fixture('pool/saturated.mjs')], env: smallPool });
    await app.printed(/saturated/);
    const first = (await scrape(app.url)).sum('process_uptime_seconds') ?? 0;
    await until('readings go on', async () => {
      const metrics = await scrape(app.url);
      return (metrics.sum('process_uptime_seconds') ?? 0) > first + 1;
    });
    expect((await fetchStalls(app.url)).filter(({ state }) => state === 'open')).toEqual([]);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('answers while the only thread of the pool waits for a pipe', async () => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    await using app = await startApp({ node, args: [fixture('pool/reads-pipe.mjs'), pipe], env: smallPool });
    await app.printed(/saturated/);
    await until('it is scraped', () => scrape(app.url));
    writeFileSync(pipe, 'at last');
    await app.printed(/read at last/);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('a probe that waits in a full pool shows, and does not hold up the end of Loopscope', async () => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const args = [fixture('pool/stops-while-held.mjs'), pipe];
    await using app = await startApp({ node, args, env: smallPool });
    await app.printed(/saturated/);
    // Nothing has come back yet, so only a probe that waits can say so.
    const metrics = await until('the probe waits', async () => {
      const found = await scrape(app.url);
      const pending = found.sum('loopscope_threadpool_pending', { type: 'FSReqCallback' });
      return found.sum('loopscope_threadpool_saturated') === 1 && pending === 1 && found;
    });
    expect(metrics.sum('loopscope_threadpool_wait_seconds_count')).toBeUndefined();
    expect(metrics.sum('loopscope_threadpool_size')).toBe(1);
    app.tell('stop');
    await app.printed(/stopped/);
    expect(app.stdout()).not.toContain('read');
    writeFileSync(pipe, 'at last');
    await app.printed(/read at last/);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  // Each ends with a probe in the queue: the first is made within the first seconds of a full pool.
  test.each([
    { ending: 'exit', ends: { exitCode: 7 } },
    { ending: 'throw', ends: { exitCode: 1 } },
    { ending: 'kill', ends: { signal: 'SIGTERM' } },
    { ending: 'natural', ends: { exitCode: 0 } },
  ])('ends as without Loopscope while the pool is full: $ending', async ({ ending, ends }) => {
    const args = [fixture('pool/ends-while-full.mjs'), ending];
    const found = await expectSameConduct({ node, args, env: smallPool }, { timed: true, repetitions: 1 });
    expect(found).toMatchObject(ends);
  });

  describe.skipIf(!isRoot || privateMounts === undefined)('with a resolver that stays silent', () => {
    test("the application's file system calls wait no longer", async () => {
      await using resolver = await silentResolver();
      const command = {
        node,
        args: [fixture('pool/stats-files.mjs'), '1500'],
        env: byName,
        within: resolver.within,
      };
      const waits = async (preload: typeof byImport.ours): Promise<{ medianMs: number; longestMs: number }> =>
        JSON.parse((await run({ ...command, preload })).stdout) as { medianMs: number; longestMs: number };
      const without = await waits(byImport.baseline);
      const withAgent = await waits(byImport.ours);
      expect(resolver.questions(), 'it was asked').toBeGreaterThan(0);
      expect(withAgent.medianMs).toBeLessThan(without.medianMs * 3 + 5);
      // One job of ours in the pool would show as seconds here.
      expect(withAgent.longestMs).toBeLessThan(without.longestMs * 2 + 250);
    });

    test('the application ends as soon', async () => {
      await using resolver = await silentResolver();
      for (const exitCode of [[], ['7']]) {
        const args = [fixture('pool/ends-after.mjs'), '600', ...exitCode];
        await expectSameConduct(
          { node, args, env: byName, within: resolver.within },
          { timed: true, normalize },
        );
      }
      expect(resolver.questions(), 'it was asked').toBeGreaterThan(0);
    });
  });
});
