// However a program is started, it runs as without Loopscope: each way of preloading, each kind of
// program, each mode of Node.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { oldestSupportedNodes, supportedNodes } from '../harness/nodes.ts';
import { copyPackage } from '../harness/package-copy.ts';
import { byImport, byImportFrom, everyPreload } from '../harness/preload.ts';
import { privateMounts } from '../harness/private-mounts.ts';
import { run } from '../harness/run.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';

interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  /** What it prints by itself: a comparison of two failures would prove nothing. */
  readonly prints?: RegExp;
  readonly exitCode?: number;
}

const hello = "console.log('hello'); setTimeout(() => console.log('end'), 30);";

const programs: readonly Program[] = [
  { name: 'an ES module', args: [fixture('loading/esm.mjs'), 'argument'], prints: /esm.*\nend/ },
  { name: 'a CommonJS module', args: [fixture('loading/cjs.cjs'), 'argument'], prints: /cjs.*\nend/ },
  {
    name: 'TypeScript',
    args: ['--experimental-strip-types', fixture('loading/typescript.ts')],
    prints: /typescript\nend/,
  },
  { name: '-e', args: ['-e', hello], prints: /hello\nend/ },
  { name: '-e as a module', args: ['--input-type=module', '-e', hello], prints: /hello\nend/ },
  { name: '-p', args: ['-p', '40 + 2'], prints: /^42$/m },
  { name: 'standard input', args: [], stdin: hello, prints: /hello\nend/ },
  { name: 'standard input with arguments', args: ['-', 'argument'], stdin: hello, prints: /hello\nend/ },
  { name: 'the REPL', args: ['-i'], stdin: '40 + 2\n.exit\n', prints: /42/ },
  { name: '--version', args: ['--version'], prints: /^v\d+/ },
  { name: '--check', args: ['--check', fixture('loading/esm.mjs')], exitCode: 0 },
  { name: '--check that fails', args: ['--check', fixture('loading/syntax-error.cjs')], exitCode: 1 },
  { name: 'a missing script', args: [fixture('loading/missing.mjs')], exitCode: 1 },
  { name: '--test', args: ['--test', fixture('loading/passes.test.mjs')], prints: /pass 1/ },
  { name: '--run', args: ['--run', 'hello'], prints: /hello/ },
];

const anyDuration = (text: string): string =>
  text.replace(/\d+(\.\d+)?(?=ms)|duration_ms:? \d+(\.\d+)?/g, 'N');

describe.each([...oldestSupportedNodes, ...supportedNodes])('on Node $name', (node) => {
  describe.each(everyPreload)('preloaded by $name', (preload) => {
    test.each(programs)('runs $name as without Loopscope', async ({ args, stdin, prints, exitCode = 0 }) => {
      const command = { node, args, cwd: fixture('loading'), ...(stdin !== undefined && { stdin }) };
      const ending = await expectSameConduct(command, { preload, normalize: anyDuration });
      expect(ending.exitCode).toBe(exitCode);
      if (prints) {
        expect(ending.stdout).toMatch(prints);
      }
    });
  });

  test('is found by its name from a project that has it', async () => {
    const command = { node, args: [fixture('loading/esm.mjs')], cwd: fixture('loading') };
    const preload = { ...byImport, ours: { args: ['--import', '@loopscope/sdk/register'], env: {} } };
    await expectSameConduct(command, { preload });
  });

  test('runs from a folder with an awkward name', async () => {
    const { folder } = copyPackage('with space, 100% #1 ünicode');
    const args = [fixture('loading/blocks-and-ends.mjs')];
    await expectSameConduct({ node, args }, { preload: byImportFrom(folder) });
    const debugged = await run({
      node,
      args,
      preload: byImportFrom(folder).ours,
      env: { NODE_DEBUG: 'loopscope' },
    });
    expect(debugged.stderr).toContain('listening on http://127.0.0.1:');
  });

  test('builds and runs a snapshot', async () => {
    const blob = join(temporaryFolder(), 'snapshot.blob');
    const build = ['--snapshot-blob', blob, '--build-snapshot', fixture('loading/snapshot.cjs')];
    // One after the other, since both write the same file.
    expect(await expectSameConduct({ node, args: build }, { timed: true })).toMatchObject({ exitCode: 0 });
    const ending = await expectSameConduct({ node, args: ['--snapshot-blob', blob, 'main.js'] });
    expect(ending.stdout).toBe('from the snapshot\n');
  });

  test('ends under --watch as without Loopscope', async () => {
    const ending = await expectSameConduct({
      node,
      args: ['--watch', fixture('loading/watched.mjs')],
      kill: { signal: 'SIGTERM', whenPrinted: 'watched' },
    });
    expect(ending.stdout).toContain('watched');
  });

  test('runs in a folder that was deleted', async () => {
    const folder = temporaryFolder();
    const within = ['sh', '-c', 'mkdir "$0/gone"; cd "$0/gone"; rmdir "$0/gone"; exec "$@"', folder];
    await expectSameConduct({ node, args: ['-e', hello], within }, { timed: true });
    await expectSameConduct(
      { node, args: [fixture('loading/blocks-and-ends.mjs')], within },
      { timed: true },
    );
  });

  test.skipIf(privateMounts === undefined)('runs on a file system that is read-only', async () => {
    const setUp = 'mount --rbind / /; mount -o remount,bind,ro /; ! touch /loopscope-test 2>/dev/null';
    const within = [...(privateMounts ?? []), 'sh', '-ec', `${setUp}; exec "$@"`, 'sh'];
    const ending = await expectSameConduct({ node, args: [fixture('loading/blocks-and-ends.mjs')], within });
    expect(ending).toMatchObject({ exitCode: 0, stdout: 'blocked\n' });
  });

  test('comes after a preload that fails as without Loopscope', async () => {
    const failing = join(temporaryFolder(), 'failing.mjs');
    writeFileSync(failing, "throw new Error('a preload of the application fails');");
    const ending = await expectSameConduct({ node, args: ['--import', failing, fixture('loading/esm.mjs')] });
    expect(ending.exitCode).toBe(1);
  });
});
