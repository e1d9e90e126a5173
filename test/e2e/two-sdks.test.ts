// Preloaded before an application that has its own OpenTelemetry SDK: each keeps to its own.
import { describe, expect, test } from 'vitest';
import { freePort, startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

describe.each(supportedNodes)('on Node $name', (node) => {
  test("the application's exporter and ours both answer, each with its own metrics", async () => {
    const port = await freePort();
    await using app = await startApp({ node, args: [fixture('two-sdks/own-sdk.mjs'), String(port)] });
    await app.printed(/"active":true/);
    const [theirs, ours] = await until('both answer', () =>
      Promise.all([scrape(`http://127.0.0.1:${port}`), scrape(app.url)]),
    );
    expect(theirs.sum('application_orders_total')).toBe(7);
    expect(theirs.samples.filter(({ name }) => /loopscope|eventloop/.test(name))).toEqual([]);
    expect(ours.sum('application_orders_total')).toBeUndefined();
    expect(ours.sum('loopscope_agent_starts_total')).toBe(1);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });
});
