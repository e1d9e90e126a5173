// What the network does to Loopscope stays with Loopscope: a port that is taken, a collector that is
// away, slow or hostile.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { describe, expect, test } from 'vitest';
import { freePort, startApp } from '../harness/app.ts';
import * as collectors from '../harness/collector.ts';
import { startCollector } from '../harness/collector.ts';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byImport } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

const blocks = fixture('loading/blocks-and-ends.mjs');
const defaultPort = 9465;

/** Takes a port; undefined where somebody else has it already, which serves as well. */
async function take(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1').on('error', () => server.emit('listening'));
  await once(server, 'listening');
  return server;
}

function pushingTo(url: string, everyMs = 100): Readonly<Record<string, string>> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_METRIC_EXPORT_INTERVAL: String(everyMs),
    OTEL_METRIC_EXPORT_TIMEOUT: String(everyMs),
  };
}

const badCollectors = [
  { name: 'hangs', behaviour: collectors.hangs },
  { name: 'is overloaded', behaviour: collectors.overloaded },
  { name: 'refuses', behaviour: collectors.refuses },
  { name: 'resets', behaviour: collectors.resets },
  { name: 'dribbles', behaviour: collectors.dribbles },
];

describe.each(supportedNodes)('on Node $name', (node) => {
  test('a port that is taken: one line where it was configured, and the agent goes on', async () => {
    const port = await freePort();
    const holder = await take(port);
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')] }, { port, endpoint: false });
    await until('it is told', () => app.stderr().includes('\n'));
    expect(app.stderr()).toMatch(new RegExp(`^loopscope: [^\\n]*LOOPSCOPE_PORT[^\\n]*${port}[^\\n]*\\n$`));
    holder.close();
    await until('the port is taken over', () => scrape(`http://127.0.0.1:${port}`), { capMs: 40_000 });
    expect(app.stderr().split('\n')).toHaveLength(2);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('a port that is taken: silence where it is the default', async () => {
    const holder = await take(defaultPort);
    const preload = { args: byImport.ours.args, env: {} };
    // An empty text would be a malformed value, so the variable that every run has is taken out.
    const within = ['env', '-u', 'LOOPSCOPE_PORT'];
    expect(await run({ node, args: [blocks], preload, within })).toMatchObject({ exitCode: 0, stderr: '' });
    holder.close();
  });

  test('an address that is not there: one line, and the agent goes on', async () => {
    const env = { LOOPSCOPE_HOST: '192.0.2.1' };
    const result = await run({ node, args: [blocks], preload: byImport.ours, env });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'blocked\n' });
    expect(result.stderr).toMatch(/^loopscope: [^\n]*LOOPSCOPE_HOST[^\n]*192\.0\.2\.1[^\n]*\n$/);
  });

  test('a collector that takes everything is sent metrics, and costs no failure', async () => {
    await using collector = await startCollector(collectors.accepts);
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: pushingTo(collector.url),
    });
    await until('it was sent some', () => collector.requests() >= 3);
    const metrics = await scrape(app.url);
    expect(metrics.sum('loopscope_agent_failures_total') ?? 0).toBe(0);
    expect(metrics.sum('loopscope_agent_dropped_total') ?? 0).toBe(0);
    const before = collector.requests();
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
    expect(collector.requests(), 'the last push leaves at the exit').toBeGreaterThanOrEqual(before);
  });

  test.each(badCollectors)('a collector that $name delays nothing, and is counted', async ({ behaviour }) => {
    await using collector = await startCollector(behaviour);
    const env = pushingTo(collector.url);
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')], env });
    await until('failures are counted', async () => {
      const metrics = await scrape(app.url);
      return (metrics.sum('loopscope_agent_failures_total', { part: 'otlp' }) ?? 0) > 0;
    });
    const told = app
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('loopscope:'));
    expect(told.length, 'said once, not each time').toBeLessThanOrEqual(1);
    const askedToEnd = performance.now();
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
    // The cap of the last push is 100 ms; the rest is for a noisy machine.
    expect(performance.now() - askedToEnd).toBeLessThan(1_500);
  });

  test.each(['exit-timer.mjs', 'natural-end.mjs', 'uncaught-timer.cjs', 'exit-within-block.mjs'])(
    'a collector that hangs changes nothing in %s',
    async (script) => {
      await using collector = await startCollector(collectors.hangs);
      // The push at the exit would take its 10 s; the exit waits for it no longer than its cap.
      const command = { node, args: [fixture(`exit/${script}`)], env: pushingTo(collector.url, 10_000) };
      const quiet = (text: string): string => text.replace(/^loopscope: .*\n/gm, '');
      await expectSameConduct(command, { timed: true, normalize: quiet });
    },
  );

  test('a collector that is away is said once and counted', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')], env: pushingTo(url) });
    await until('several failures are counted', async () => {
      const metrics = await scrape(app.url);
      return (metrics.sum('loopscope_agent_failures_total', { part: 'otlp' }) ?? 0) >= 2;
    });
    const told = app
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('loopscope:'));
    expect(told.length).toBeLessThanOrEqual(1);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });
});
