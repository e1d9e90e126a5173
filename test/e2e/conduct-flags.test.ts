// Node's own switches change what JavaScript can do and what Node prints: with Loopscope a program
// under any of them runs, blocks, is looked at, and ends as without.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byImport, byRequire } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';

const flags = [
  '--frozen-intrinsics',
  '--disable-proto=delete',
  '--disable-proto=throw',
  '--disallow-code-generation-from-strings',
  '--jitless',
  '--stack-size=200',
  '--stack-trace-limit=0',
  '--max-old-space-size=32',
  '--trace-sync-io',
  '--throw-deprecation',
  '--pending-deprecation',
  '--trace-warnings',
  '--trace-exit',
  '--trace-uncaught',
  '--enable-source-maps',
  '--no-addons',
  '--no-experimental-require-module',
  '--no-experimental-websocket',
  '--preserve-symlinks',
  '--conditions=browser',
  '--abort-on-uncaught-exception',
  '--expose-internals',
];

const script = fixture('loading/blocks-and-ends.mjs');

describe.each(supportedNodes)('on Node $name', (node) => {
  test.each(flags)('runs under %s as without Loopscope', async (flag) => {
    const ending = await expectSameConduct({ node, args: [flag, script] });
    expect(ending).toMatchObject({ exitCode: 0, stdout: 'blocked\n' });
  });

  test('preloaded by --require, does nothing where ES modules can not be required', async () => {
    const args = ['--no-experimental-require-module', script];
    const ending = await expectSameConduct({ node, args }, { preload: byRequire });
    expect(ending).toMatchObject({ exitCode: 0, stdout: 'blocked\n' });
  });

  test.each(['--cpu-prof', '--heap-prof'])('leaves the files of %s as they are', async (flag) => {
    const folder = temporaryFolder();
    const count = async (preload: typeof byImport.ours): Promise<number> => {
      const name = preload === byImport.ours ? 'ours' : 'baseline';
      const args = [flag, `${flag}-dir=${join(folder, name)}`, script];
      expect(await run({ node, args, preload })).toMatchObject({ exitCode: 0 });
      return readdirSync(join(folder, name)).length;
    };
    expect(await count(byImport.baseline)).toBe(1);
    expect(await count(byImport.ours)).toBe(1);
  });
});
