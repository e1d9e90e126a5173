// With a debugger's port open a stall may be somebody at a breakpoint: it is listed, and it is in no
// metric that one is alerted on.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { DebuggerClient } from '../harness/debugger-client.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { ask } from '../harness/scrape.ts';
import { fetchStalls, stallOf, stallsOnceCounted, stallWhere } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

describe.each(supportedNodes)('on Node $name', (node) => {
  test('a stall under --inspect is listed and not counted', async () => {
    await using app = await startApp({ node, args: ['--inspect=0', fixture('blocks/app.mjs')] });
    app.tell('cpu-loop 400');
    const closed = await stallOf(app.url, 'priceOrders', 'closed');
    expect(closed).toMatchObject({ inspectorOpen: true, culprit: { function: 'priceOrders' } });
    await stallsOnceCounted(app.url);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('a pause at a breakpoint is no outage, and the debugger works as ever', async () => {
    await using app = await startApp({ node, args: ['--inspect=0', fixture('blocks/app.mjs')] });
    const address = await until('the debugger listens', () => /ws:\/\/\S+/.exec(app.stderr())?.[0]);
    await using client = await DebuggerClient.connect(address);
    await client.send('Debugger.enable');
    await client.send('Debugger.pause');
    app.tell('cpu-loop 50');
    const pause = await client.event('Debugger.paused');
    const open = await stallWhere(app.url, 'the pause is listed', ({ state }) => state === 'open');
    await until('it is over a second old', async () => {
      const [stall] = await fetchStalls(app.url);
      return (stall?.durationMs ?? 0) > 1_200;
    });
    expect((await ask(app.url, '/readyz')).status).toBe(200);
    expect(open.inspectorOpen).toBe(true);
    expect(pause).toBeDefined();
    await client.send('Debugger.resume');
    await app.printed(/"kind":"cpu-loop"/);
    await stallsOnceCounted(app.url);
  });
});
