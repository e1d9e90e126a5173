// The heartbeat's histogram is referenced by nobody but us. Were that not enough, the first garbage
// collection would stop it, and a loop that turns would look stalled for ever.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { scrape } from '../harness/scrape.ts';
import { fetchStalls, stallOf } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

// A busy machine may well keep a process from running for a tenth of a second.
const patient = { LOOPSCOPE_STALL_THRESHOLD_MS: '400' };

describe.each(supportedNodes)('on Node $name', (node) => {
  test('the heartbeat survives garbage collection', async () => {
    await using app = await startApp({
      node,
      args: ['--expose-gc', fixture('blocks/app.mjs')],
      env: patient,
    });
    app.tell('collects-garbage 700');
    await app.printed(/"kind":"collects-garbage"/);
    const metrics = await scrape(app.url);
    const iterations = 'loopscope_eventloop_iterations_total';
    const before = metrics.sum(iterations) ?? 0;
    await until('some seconds have been sampled', async () => {
      const metrics = await scrape(app.url);
      expect(metrics.sum('loopscope_eventloop_stall_active')).toBe(0);
      return (metrics.sum(iterations) ?? 0) > before + 40;
    });
    expect(await fetchStalls(app.url)).toEqual([]);

    app.tell('cpu-loop 800');
    await stallOf(app.url, 'priceOrders', 'closed');
  });
});
