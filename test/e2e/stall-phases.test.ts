// When in a process's life a stall happens, and what is none: a boot, an exit, a suspension.
import { describe, expect, test } from 'vitest';
import { freePort, startApp } from '../harness/app.ts';
import { fixture, linesOf } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { ask, scrape } from '../harness/scrape.ts';
import { fetchStalls, stallOf, stallsOf } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

const count = 'loopscope_eventloop_stall_duration_seconds_count';

/** Lets time pass that is itself what is tested. */
async function pass(ms: number): Promise<number> {
  const start = performance.now();
  await until(`${ms} ms have passed`, () => performance.now() - start > ms, { everyMs: 50 });
  return performance.now() - start;
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test.each(['boot-blocks.mjs', 'boot-blocks.cjs'])(
    'a synchronous boot is of phase startup: %s',
    async (script) => {
      const port = await freePort();
      const file = fixture(`phases/${script}`);
      await using app = await startApp({ node, args: [file, '3000'] }, { port });
      const open = await stallOf(app.url, 'loadEverything', 'open');
      expect(open).toMatchObject({ phase: 'startup', culprit: { function: 'loadEverything', file } });
      expect(linesOf(file, 'loadEverything')).toContain(open.culprit?.line);
      await pass(1_200);
      expect((await ask(app.url, '/readyz')).status, 'start-up is no outage').toBe(200);

      const [line] = await app.printed(/^.*"booted".*$/m);
      const measured = JSON.parse(line) as { durationMs: number };
      const closed = await stallOf(app.url, 'loadEverything', 'closed');
      expect(closed).toMatchObject({ id: open.id, phase: 'startup' });
      // What Node itself takes to start is in it too.
      expect(closed.durationMs).toBeGreaterThan(measured.durationMs * 0.95);
      expect(closed.durationMs).toBeLessThan(measured.durationMs * 1.3);
      const metrics = await scrape(app.url);
      expect(metrics.sum(count, { phase: 'startup' })).toBe(1);
      expect(metrics.sum(count, { phase: 'running' }) ?? 0).toBe(0);
    },
  );

  test('a block in the first work after a boot is a stall of its own', async () => {
    const port = await freePort();
    await using app = await startApp({ node, args: [fixture('phases/boot-then-blocks.mjs')] }, { port });
    const closed = await stallOf(app.url, 'serveFirst', 'closed');
    expect(closed).toMatchObject({ phase: 'running', culprit: { function: 'serveFirst' } });
    expect(closed.durationMs).toBeLessThan(700);
  });

  test('a block in an exit listener is of phase exiting', async () => {
    await using app = await startApp({ node, args: [fixture('phases/exit-blocks.mjs')] });
    const ended = app.finish();
    const open = await stallOf(app.url, 'saveEverything', 'open');
    expect(open).toMatchObject({ phase: 'exiting', culprit: { function: 'saveEverything' } });
    expect(await ended).toMatchObject({ exitCode: 0 });
  });

  test('a suspension of 3 s is counted as one, and is no stall', async () => {
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')] });
    await app.printed(/ready/);
    app.signal('SIGSTOP');
    const stoppedMs = await pass(3_000);
    app.signal('SIGCONT');
    const metrics = await until('the suspension is counted', async () => {
      const seen = await scrape(app.url);
      return (seen.sum('loopscope_process_suspensions_total') ?? 0) > 0 && seen;
    });
    const seconds = metrics.sum('loopscope_process_suspension_time_seconds_total') ?? 0;
    expect(seconds * 1_000).toBeGreaterThan(stoppedMs - 150);
    expect(seconds * 1_000).toBeLessThan(stoppedMs + 400);
    // The heartbeat goes on: a block that is made now is seen.
    app.tell('cpu-loop 300');
    await stallOf(app.url, 'priceOrders', 'closed');
    expect((await fetchStalls(app.url)).filter(({ durationMs }) => durationMs > 1_000)).toEqual([]);
  });

  test('a suspension within a stall is taken out of it', async () => {
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')] });
    app.tell('cpu-loop 3000');
    const open = await stallOf(app.url, 'priceOrders', 'open');
    app.signal('SIGSTOP');
    const stoppedMs = await pass(1_500);
    app.signal('SIGCONT');
    const [line] = await app.printed(/^.*"kind":"cpu-loop".*$/m);
    const measured = JSON.parse(line) as { durationMs: number };
    const closed = await stallOf(app.url, 'priceOrders', 'closed');
    expect(closed.id).toBe(open.id);
    expect(Math.abs(closed.suspendedMs - stoppedMs)).toBeLessThan(300);
    expect(Math.abs(closed.durationMs + closed.suspendedMs - measured.durationMs)).toBeLessThan(300);
    expect(await stallsOf(app.url, 'priceOrders')).toHaveLength(1);
  });

  test('blocks about the threshold open and close in pairs', async () => {
    const thresholdMs = 20;
    // By which the ends of a stall may be off.
    const heartbeatMs = 5;
    const script = fixture('phases/random-blocks.mjs');
    await using app = await startApp({
      node,
      args: [script, String(thresholdMs), '200'],
      env: { LOOPSCOPE_STALL_THRESHOLD_MS: String(thresholdMs) },
    });
    await app.printed(/blocked/);
    const metrics = await until('none is open', async () => {
      const seen = await scrape(app.url);
      return seen.sum('loopscope_eventloop_stall_active') === 0 && seen;
    });
    const counted =
      metrics.sum('loopscope_eventloop_stall_duration_seconds_count', { phase: 'running' }) ?? 0;
    app.tell('report');
    const [line] = await app.printed(/^\[.*\]$/m);
    const events = JSON.parse(line) as readonly { type: string; id: string; durationMs: number }[];
    const idsOf = (wanted: string): string[] =>
      events.filter(({ type }) => type === wanted).map(({ id }) => id);
    // The one that the listener came into was opened before it.
    const firstOpened = Number(idsOf('opened')[0]);
    expect(idsOf('closed').filter((id) => Number(id) >= firstOpened)).toEqual(idsOf('opened'));
    expect(new Set(idsOf('opened')).size).toBe(idsOf('opened').length);
    // About half of the blocks are longer than the threshold; some fall between two ticks.
    expect(counted).toBeGreaterThan(20);
    expect(counted).toBeLessThan(200);
    for (const { type, durationMs } of events) {
      expect(durationMs).toBeGreaterThanOrEqual(type === 'closed' ? thresholdMs - heartbeatMs : 0);
    }
    expect((await fetchStalls(app.url)).every(({ state }) => state === 'closed')).toBe(true);
  });
});
