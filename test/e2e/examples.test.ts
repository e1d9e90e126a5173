// Every file of examples/, run as its first lines say.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type App, startApp } from '../harness/app.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byImport } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { Metrics } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const env = { PORT: '0' };

async function text(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

async function startServer(
  node: (typeof supportedNodes)[number],
  file: string,
): Promise<{ app: App; url: string }> {
  const app = await startApp({ node, args: [folder + file], env });
  const [, url = ''] = await app.printed(/^listening on (\S+)$/m);
  return { app, url };
}

test('none is left out here', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
  expect(files.sort()).toEqual([
    'open-telemetry.mjs',
    'overload.mjs',
    'prom-client.mjs',
    'server.mjs',
    'stalls-in-code.mjs',
  ]);
});

describe.each(supportedNodes)('on Node $name', (node) => {
  test('server.mjs is watched', async () => {
    const { app, url } = await startServer(node, 'server.mjs');
    await using _ = app;
    expect(await text(`${url}/report`)).toMatch(/customer 0/);
    const stalls = await until('the stall is listed', async () => {
      const listed = await text(`${app.url}/stalls`);
      return listed.includes('makeReport') ? listed : undefined;
    });
    expect(stalls).toContain('server.mjs');
  });

  test('stalls-in-code.mjs is told', async () => {
    const ending = await run({ node, args: [`${folder}stalls-in-code.mjs`] });
    expect(ending).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ending.stdout).toMatch(
      /^blocked by parseConfiguration, line \d+, cause cpu, for 0\.3 s: true\ncounted: true\nstopped\n$/,
    );
  });

  test('prom-client.mjs shows both', async () => {
    const { app, url } = await startServer(node, 'prom-client.mjs');
    await using _ = app;
    await text(`${url}/order`);
    const metrics = new Metrics(await text(`${url}/metrics`));
    expect(metrics.sum('orders_total')).toBe(1);
    expect(metrics.sum('loopscope_agent_starts_total')).toBe(1);
    expect(metrics.sum('nodejs_version_info')).toBe(1);
  });

  test('open-telemetry.mjs prints them', async () => {
    const ending = await run({
      node,
      args: [`${folder}open-telemetry.mjs`],
      preload: byImport.ours,
      env: { LOOPSCOPE_EXPORTERS: 'none' },
    });
    expect(ending).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ending.stdout).toContain("name: 'loopscope.agent.starts'");
  });

  test('overload.mjs serves, and tells of itself', async () => {
    const { app, url } = await startServer(node, 'overload.mjs');
    await using _ = app;
    expect(await text(`${url}/health`)).toBe('ok\n');
    expect(new Metrics(await text(`${url}/metrics`)).sum('loopscope_overload_requests_total')).toBe(0);
  });
});
