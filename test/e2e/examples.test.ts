// Every file of examples/, run as its first lines say.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type App, freePort, startApp } from '../harness/app.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byImport } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { fetchText, Metrics } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly env: readonly { readonly name: string }[];
  readonly ports: readonly object[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly Container[] };
    };
  };
}

interface PodMonitor {
  readonly spec: { readonly podMetricsEndpoints: readonly { readonly path: string }[] };
}

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const env = { PORT: '0' };

async function startServer(
  node: (typeof supportedNodes)[number],
  file: string,
  port?: number,
): Promise<{ app: App; url: string }> {
  const app = await startApp({ node, args: [folder + file], env }, port === undefined ? {} : { port });
  const [, url = ''] = await app.printed(/^listening on (\S+)$/m);
  return { app, url };
}

test('none is left out here', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
  expect(files.sort()).toEqual([
    'cluster.mjs',
    'open-telemetry.mjs',
    'overload.mjs',
    'prom-client.mjs',
    'server.mjs',
    'stalls-in-code.mjs',
  ]);
});

test('kubernetes.yaml and the Dockerfile speak of paths, ports and options that there are', async () => {
  const [deployment, monitor] = parseAllDocuments(readFileSync(`${folder}kubernetes.yaml`, 'utf8')).map(
    (document) => document.toJS() as Deployment & PodMonitor,
  );
  const { metadata, spec } = deployment?.spec.template ?? expect.unreachable();
  const [container = expect.unreachable()] = spec.containers;
  const paths = [
    metadata.annotations['prometheus.io/path'],
    ...(monitor?.spec.podMetricsEndpoints ?? []).map(({ path }) => path),
    ...[container.startupProbe, container.livenessProbe, container.readinessProbe].map(({ httpGet }) => {
      expect(httpGet.port).toBe('loopscope');
      return httpGet.path;
    }),
  ];
  const [node = expect.unreachable()] = supportedNodes;
  await using app = await startApp({ node, args: [`${folder}server.mjs`], env });
  for (const path of paths) {
    expect([path, (await fetch(`${app.url}${path}`)).status]).toEqual([path, 200]);
  }
  const page = readFileSync(fileURLToPath(new URL('../../docs/CONFIG.md', import.meta.url)), 'utf8');
  const dockerfile = readFileSync(`${folder}Dockerfile`, 'utf8');
  expect(dockerfile).toContain('@loopscope/sdk/dist/register.js');
  const options = `${dockerfile} ${JSON.stringify(container.env)}`.match(/\bLOOPSCOPE_\w+/g) ?? [];
  expect(options.filter((name) => !page.includes(name))).toEqual([]);
  expect(container.ports).toContainEqual({ name: 'loopscope', containerPort: 9465 });
});

describe.each(supportedNodes)('on Node $name', (node) => {
  test('server.mjs is watched', async () => {
    const { app, url } = await startServer(node, 'server.mjs');
    await using _ = app;
    expect(await fetchText(`${url}/report`)).toMatch(/customer 0/);
    const stalls = await until('the stall is listed', async () => {
      const listed = await fetchText(`${app.url}/stalls`);
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
    await fetchText(`${url}/order`);
    const metrics = new Metrics(await fetchText(`${url}/metrics`));
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

  test('cluster.mjs has an endpoint for each of its processes', async () => {
    const port = await freePort();
    const { app, url } = await startServer(node, 'cluster.mjs', port);
    await using _ = app;
    expect(await fetchText(url)).toMatch(/^served by \d+\n$/);
    const ids = await until('each is scraped', async () => {
      const texts = await Promise.all(
        [0, 1, 2].map((id) => fetchText(`http://127.0.0.1:${port + id}/metrics`)),
      );
      return texts.map((each) => /process_pid="(\d+)"/.exec(each)?.[1]);
    });
    expect(new Set(ids).size).toBe(3);
  });

  test('overload.mjs serves, and tells of itself', async () => {
    const { app, url } = await startServer(node, 'overload.mjs');
    await using _ = app;
    expect(await fetchText(`${url}/health`)).toBe('ok\n');
    expect(new Metrics(await fetchText(`${url}/metrics`)).sum('loopscope_overload_requests_total')).toBe(0);
  });
});
