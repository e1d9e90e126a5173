// Under the permission model Loopscope does what it may and leaves the rest: never an abort, never a
// word, whichever permissions are given. The program blocks for long enough to have its stack taken,
// which is what aborts a process that connects to the inspector without asking first.
import { describe, expect, test } from 'vitest';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { type NodeRelease, oldestSupportedNodes, supportedNodes } from '../harness/nodes.ts';
import { byImport, byRequire, sdkFolder } from '../harness/preload.ts';

const script = fixture('loading/blocks-and-ends.mjs');
const readable = [sdkFolder, fixture('')].map((folder) => `--allow-fs-read=${folder}`);

/** The switches that matter to an agent, as far as a release knows them. */
function switchesOf({ major }: NodeRelease): readonly string[] {
  return [
    '--allow-worker',
    '--allow-child-process',
    ...(major >= 24 ? ['--allow-inspector'] : ['--allow-addons']),
    ...(major >= 26 ? ['--allow-net'] : []),
  ];
}

function subsetsOf(items: readonly string[]): readonly (readonly string[])[] {
  const [first, ...rest] = items;
  if (first === undefined) {
    return [[]];
  }
  const others = subsetsOf(rest);
  return [...others, ...others.map((subset) => [first, ...subset])];
}

describe.each([...oldestSupportedNodes, ...supportedNodes])('on Node $name', (node) => {
  const subsets = subsetsOf(switchesOf(node)).map((allowed) => ({
    name: allowed.join(' ') || 'nothing',
    allowed,
  }));

  test.each(subsets)('runs as without Loopscope, allowed $name', async ({ allowed }) => {
    const ending = await expectSameConduct({ node, args: ['--permission', ...readable, ...allowed, script] });
    expect(ending).toMatchObject({ exitCode: 0, stdout: 'blocked\n' });
  });

  test('runs as without Loopscope, allowed all files and workers, by --require', async () => {
    const args = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-worker', script];
    const ending = await expectSameConduct({ node, args }, { preload: byRequire });
    expect(ending).toMatchObject({ exitCode: 0, stdout: 'blocked\n' });
  });

  test.runIf(node.major >= 24)('runs under --permission-audit as without Loopscope', async () => {
    for (const preload of [byImport, byRequire]) {
      const ending = await expectSameConduct({ node, args: ['--permission-audit', script] }, { preload });
      expect(ending).toMatchObject({ exitCode: 0, stdout: 'blocked\n' });
    }
  });
});
