// The recipes of docs/RECIPES.md: frameworks and process managers under which an application is watched by the
// variable NODE_OPTIONS alone, and tools in which nothing happens.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, freePort, startApp } from '../harness/app.ts';
import { appFile } from '../harness/apps.ts';
import { type NodeRelease, supportedNodes } from '../harness/nodes.ts';
import { copyPackage } from '../harness/package-copy.ts';
import { byNodeOptionsImport } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { fetchText } from '../harness/scrape.ts';
import { fetchStalls, stallOf, stallWhere } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

const folder = appFile('recipes');
const bin = (path: string): string => join(folder, 'node_modules', path);
const next = bin('next/dist/bin/next');
const preload = byNodeOptionsImport.ours;

/** Everything that the preloads of a tool's processes tell. */
function told(stderr: string): readonly string[] {
  return stderr.match(/^LOOPSCOPE \d+: .*$/gm) ?? [];
}

function start(node: NodeRelease, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return startApp({ node, args, preload, cwd: folder, env: { NEXT_TELEMETRY_DISABLED: '1', ...env } });
}

function pathOf(node: NodeRelease): { PATH: string } {
  return { PATH: [dirname(node.path), process.env['PATH']].join(delimiter) };
}

/** Runs a tool, in whose processes nothing may be watched, workers among them. */
async function runTool(node: NodeRelease, args: readonly string[]): Promise<string> {
  const ending = await run({
    node,
    args,
    preload,
    cwd: folder,
    env: { ...pathOf(node), NODE_DEBUG: 'loopscope', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' },
    capMs: 120_000,
  });
  const output = ending.stdout + ending.stderr;
  expect([ending.exitCode, output]).toEqual([0, output]);
  const lines = told(output);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => !line.includes(': off: '))).toEqual([]);
  return output;
}

beforeAll(async () => {
  const [node = expect.unreachable()] = supportedNodes;
  await runTool(node, [next, 'build', 'next']);
  await runTool(node, [bin('vite/bin/vite.js'), 'build', 'vite']);
}, 240_000);

afterAll(() => {
  for (const made of ['next/.next', 'vite/dist']) {
    rmSync(join(folder, made), { recursive: true, force: true, maxRetries: 5 });
  }
});

describe.each(supportedNodes)('on Node $name', (node) => {
  /** Requests are followed by default from Node 24 on. */
  const request = (facts: object): object | undefined => (node.major > 22 ? facts : undefined);

  test('Next.js serves, and a stall in a route is told', async () => {
    const port = await freePort();
    await using app = await start(node, [next, 'start', 'next', '--port', String(port)]);
    await app.printed(/Ready in/);
    const report = `http://127.0.0.1:${port}/report`;
    // The first answer is a part of the start: it loads the route.
    await fetchText(report);
    await stallWhere(app.url, 'the start is over', ({ state }) => state === 'closed');
    const [latest] = await fetchStalls(app.url);
    expect(await fetchText(report)).toBe('customers: true\n');
    const stall = await stallWhere(
      app.url,
      'the stall of the route',
      ({ id, state, culprit }) =>
        Number(id) > Number(latest?.id) &&
        state === 'closed' &&
        culprit?.file.includes('/.next/server/') === true,
    );
    expect(stall.cause).toMatch(/^(cpu|starved)$/);
    expect(stall.request).toEqual(request({ method: 'GET' }));
  });

  test('NestJS serves, and a stall names the route', async () => {
    await using app = await start(node, ['nest/app.mjs']);
    const [, url] = await app.printed(/^listening on (\S+)$/m);
    expect(await fetchText(`${url}/report`)).toBe('customers: true\n');
    const stall = await stallOf(app.url, 'makeReport', 'closed');
    expect(stall.culprit).toMatchObject({ function: 'makeReport', file: join(folder, 'block.mjs') });
    expect(stall.request).toEqual(request({ method: 'GET', route: '/report' }));
  });

  test.each([
    // What Vite evaluates has no name in V8: its caller has.
    ['in development', ['vite/server.mjs'], /vite\/server\.mjs$/],
    ['what it has built', ['--enable-source-maps', 'vite/server.mjs', 'built'], /vite\/page\.ts$/],
  ])('Vite renders on the server %s, and a stall is told', async (_, args, file) => {
    await using app = await start(node, args);
    const [, url] = await app.printed(/^listening on (\S+)$/m);
    expect(await fetchText(`${url}/report`)).toBe('<p>Customers</p>\n');
    const stall = await stallOf(app.url, 'render', 'closed');
    expect(stall.culprit?.file).toMatch(file);
    expect(stall.request).toEqual(request({ method: 'GET', route: '/report' }));
  });

  test('tsx runs TypeScript, and a stall names the line of the source', async () => {
    await using app = await start(node, [bin('tsx/dist/cli.mjs'), 'tsx/server.ts']);
    const [, url] = await app.printed(/^listening on (\S+)$/m);
    expect(await fetchText(`${url}/report`)).toBe('true');
    const stall = await stallOf(app.url, 'makeReport', 'closed');
    expect(stall.culprit?.file).toMatch(/tsx\/server\.ts$/);
    expect(stall.culprit?.line).toBeGreaterThanOrEqual(8);
    expect(stall.culprit?.line).toBeLessThanOrEqual(13);
  });

  test('PM2 has an endpoint for each process, in fork and in cluster mode', async () => {
    const home = mkdtempSync(join(tmpdir(), 'loopscope-pm2-'));
    const [port, servedPort] = [await freePortsInRow(4), await freePort()];
    const app: App = await startApp(
      {
        node,
        args: [bin('pm2/bin/pm2-runtime'), 'start', 'pm2/ecosystem.config.cjs'],
        preload: byNodeOptionsImport.baseline,
        cwd: folder,
        env: { ...pathOf(node), PM2_HOME: home, LOOPSCOPE_PORT: String(port), PORT: String(servedPort) },
      },
      { port },
    );
    try {
      const urls = [0, 1, 2, 3].map((each) => `http://127.0.0.1:${port + each}`);
      const ids = await until(
        'each is scraped',
        async () => {
          const texts = await Promise.all(urls.map((url) => fetchText(`${url}/metrics`)));
          return texts.map((text) => /process_pid="(\d+)"/.exec(text)?.[1]);
        },
        { capMs: 20_000 },
      );
      expect(new Set(ids).size).toBe(4);
      expect(await fetchText(`http://127.0.0.1:${servedPort}/report`)).toBe('customers: true\n');
      const stall = await Promise.any(urls.slice(2).map((url) => stallOf(url, 'makeReport', 'closed')));
      expect(stall.culprit?.function).toBe('makeReport');
      app.signal('SIGINT');
      expect((await app.finish()).stderr).not.toMatch(/loopscope/i);
    } finally {
      await app.kill();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  test('what the OpenTelemetry Operator copies into a pod watches it', async () => {
    // As its init container does: cp -r /autoinstrumentation/. /otel-auto-instrumentation-nodejs
    const { folder: installed } = copyPackage('otel-auto-instrumentation-nodejs/node_modules/@loopscope/sdk');
    const injected = join(installed, '../../..');
    cpSync(fileURLToPath(new URL('../../examples/operator', import.meta.url)), injected, { recursive: true });
    await using app = await startApp({
      node,
      args: [join(folder, 'nest/app.mjs')],
      preload: { args: [], env: { NODE_OPTIONS: ` --require ${injected}/autoinstrumentation.js` } },
      cwd: tmpdir(),
      env: { OTEL_SERVICE_NAME: 'orders', OTEL_RESOURCE_ATTRIBUTES: 'k8s.pod.name=orders-1' },
    });
    expect(await fetchText(`${app.url}/metrics`)).toMatch(
      /^target_info\{.*k8s_pod_name="orders-1".*service_name="orders".*\} 1$/m,
    );
  });

  test.each([
    ['Jest', [bin('jest/bin/jest.js'), '--config', 'jest/jest.config.cjs'], /Tests: +2 passed/],
    ['vitest', [bin('vitest/vitest.mjs'), 'run', '--root', 'vitest'], /Tests {2}2 passed/],
  ])('%s runs its tests, and nothing is watched', async (_, args, passed) => {
    expect(await runTool(node, args)).toMatch(passed);
  });
});

/** The first of some ports that are all free at this moment. */
async function freePortsInRow(count: number): Promise<number> {
  return await until('some ports in a row are free', async () => {
    const first = await freePort();
    const servers = Array.from({ length: count }, () => createServer());
    try {
      await Promise.all(
        servers.map(
          (server, index) =>
            new Promise<void>((resolve, reject) => {
              server.once('error', reject);
              server.listen(first + index, '127.0.0.1', resolve);
            }),
        ),
      );
      return first;
    } finally {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    }
  });
}
