// A process with nothing to do stays so: no stall is seen in it, and nothing of ours holds it.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byImport } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { scrape } from '../harness/scrape.ts';
import { fetchStalls, stallOf } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

// A busy machine may well keep a process from running for a tenth of a second.
const patient = { LOOPSCOPE_STALL_THRESHOLD_MS: '400' };

describe.each(supportedNodes)('on Node $name', (node) => {
  test('no stall is seen in some idle seconds, and the next one is', async () => {
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')], env: patient });
    const uptime = async (): Promise<number> => (await scrape(app.url)).sum('process_uptime_seconds') ?? 0;
    const start = await uptime();
    await until('three seconds have passed', async () => (await uptime()) > start + 3, { everyMs: 250 });
    const metrics = await scrape(app.url);
    expect(await fetchStalls(app.url)).toEqual([]);
    expect(metrics.sum('loopscope_eventloop_stall_time_seconds_total') ?? 0).toBe(0);
    expect(metrics.sum('loopscope_process_suspensions_total') ?? 0).toBe(0);
    expect(metrics.sum('nodejs_eventloop_utilization_ratio')).toBeLessThan(0.5);
    app.tell('cpu-loop 800');
    await stallOf(app.url, 'priceOrders', 'closed');
  });

  test('nothing of ours counts among the active resources, listeners and globals', async () => {
    const command = { node, args: [fixture('idle/what-is-there.mjs')] };
    const without = await run({ ...command, preload: byImport.baseline });
    const withAgent = await run({ ...command, preload: byImport.ours });
    expect(withAgent.stderr).toBe('');
    expect(JSON.parse(withAgent.stdout)).toEqual(JSON.parse(without.stdout));
  });
});
