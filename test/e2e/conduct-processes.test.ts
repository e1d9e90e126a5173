// One agent per process and none anywhere else, however deep processes and threads start each other
// and whatever else runs under the same NODE_OPTIONS.
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { runWithLedger } from '../harness/ledger.ts';
import { supportedNodes, unsupportedNodes } from '../harness/nodes.ts';
import { copyPackage } from '../harness/package-copy.ts';
import {
  after,
  byImport,
  byImportFrom,
  byNodeOptionsImport,
  byNodeOptionsRequire,
  everyPreload,
} from '../harness/preload.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';

const npm = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'npm'))
  .filter(existsSync)
  .map((path) => realpathSync(path))
  .find((path) => path.endsWith('npm-cli.js'));

const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));

const trees = [
  { name: 'forks, five deep', args: [fixture('loading/fork-chain.mjs'), '5'], processes: 5, threads: 0 },
  { name: 'a cluster', args: [fixture('loading/cluster.mjs')], processes: 4, threads: 0 },
  { name: 'a pool of worker threads', args: [fixture('loading/thread-pool.mjs')], processes: 1, threads: 16 },
];

const otherRuntimes = [
  { name: 'Node 99', fake: { versions: { node: '99.0.0' } } },
  { name: 'an odd release of Node', fake: { versions: { node: '23.11.0' } } },
  { name: 'a release before the oldest', fake: { versions: { node: '22.14.0' } } },
  { name: 'Bun', fake: { versions: { bun: '1.3.0' } } },
  { name: 'Electron', fake: { versions: { electron: '40.0.0' } } },
  { name: 'Deno', fake: { versions: { deno: '2.5.0' }, globals: ['Deno'] } },
];

describe.each(supportedNodes)('on Node $name', (node) => {
  describe.each([byNodeOptionsImport, byNodeOptionsRequire])('preloaded by $name', (preload) => {
    test.each(trees)('$name: one agent per process', async ({ args, processes, threads }) => {
      const seen = await runWithLedger({ node, args }, preload);
      expect(seen.exitCode).toBe(0);
      expect(seen.processes).toHaveLength(processes);
      for (const each of seen.processes) {
        expect(each).toMatchObject({ workers: 1 + threads, nestedWorkers: 0, preloaded: threads });
      }
      await expectSameConduct({ node, args }, { preload });
    });
  });

  test('two copies of the package make one agent', async () => {
    const args = [...byImportFrom(copyPackage().folder).ours.args, fixture('loading/blocks-and-ends.mjs')];
    const { processes, stderr } = await runWithLedger({ node, args }, byImport);
    expect(processes).toEqual([expect.objectContaining({ workers: 1, preloaded: 0 })]);
    expect(stderr).toBe('');
  });

  test.skipIf(npm === undefined)('npm is left alone, the program that it runs is not', async () => {
    const command = { node, args: [npm ?? '', 'run', 'hello'], cwd: fixture('loading') };
    const { processes } = await runWithLedger(command);
    const agents = processes.map(({ script, workers }) => [script.endsWith('npm-cli.js'), workers]);
    expect(agents).toEqual([
      [true, 0],
      [false, 1],
    ]);
    await expectSameConduct(command, { preload: byNodeOptionsImport });
  });

  test.skipIf(npm === undefined).each([
    { name: 'npm --version', args: ['--version'] },
    { name: 'npm exec', args: ['exec', '--offline', '-c', 'node esm.mjs'] },
    { name: 'npm with an unknown command', args: ['no-such-command'] },
  ])('$name says the same', async ({ args }) => {
    const command = { node, args: [npm ?? '', ...args], cwd: fixture('loading') };
    await expectSameConduct(command, { preload: byNodeOptionsImport });
  });

  test('vite build is left alone', async () => {
    const out = temporaryFolder();
    const command = { node, args: [vite, 'build', '--outDir', out], cwd: fixture('loading/vite') };
    const { processes, exitCode } = await runWithLedger(command);
    expect(exitCode).toBe(0);
    expect(processes.map(({ workers }) => workers)).toEqual([0]);
  });

  test.each(otherRuntimes)('$name is left alone', async ({ fake }) => {
    const command = { node, args: [fixture('loading/esm.mjs')], env: { FAKE_RUNTIME: JSON.stringify(fake) } };
    const disguise = ['--require', fixture('loading/fake-runtime.cjs')];
    for (const preload of everyPreload.slice(0, 2).map((pair) => after(pair, ...disguise))) {
      expect((await runWithLedger(command, preload)).processes).toEqual([
        expect.objectContaining({ workers: 0 }),
      ]);
      await expectSameConduct(command, { preload });
    }
  });
});

describe.each(unsupportedNodes)('on Node $name', (node) => {
  test.each(everyPreload)('preloaded by $name, does nothing and says nothing', async (preload) => {
    for (const script of ['loading/esm.mjs', 'loading/cjs.cjs', 'exit/exit-timer.mjs']) {
      const command = { node, args: [fixture(script)] };
      expect((await runWithLedger(command, preload)).processes).toEqual([
        expect.objectContaining({ workers: 0 }),
      ]);
      await expectSameConduct(command, { preload });
    }
  });
});
