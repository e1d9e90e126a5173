// How a process ends is the application's affair: with Loopscope it ends with the same code, signal
// and output, and as soon.
import { describe, expect, test } from 'vitest';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { byRequire } from '../harness/preload.ts';
import type { Ending } from '../harness/run.ts';

interface ExitCase {
  readonly name: string;
  readonly script: string;
  readonly flags?: readonly string[];
  readonly signal?: NodeJS.Signals;
  /** What the program does by itself: a comparison of two failures would prove nothing. */
  readonly ends: Partial<Ending>;
}

const endings: readonly ExitCase[] = [
  { name: 'natural end', script: 'natural-end.mjs', ends: { exitCode: 0 } },
  { name: 'process.exit at once, ESM', script: 'exit-sync.mjs', ends: { exitCode: 7 } },
  { name: 'process.exit at once, CommonJS', script: 'exit-sync.cjs', ends: { exitCode: 7 } },
  { name: 'process.exit from a timer', script: 'exit-timer.mjs', ends: { exitCode: 7 } },
  { name: 'process.exit from a promise', script: 'exit-promise.mjs', ends: { exitCode: 7 } },
  { name: 'process.exitCode', script: 'exit-code-property.mjs', ends: { exitCode: 6 } },
  { name: 'process.exit in a worker thread', script: 'exit-worker.mjs', ends: { exitCode: 4 } },
  { name: 'process.reallyExit', script: 'really-exit.mjs', ends: { exitCode: 9 } },
  { name: 'process.abort', script: 'abort.mjs', ends: { signal: 'SIGABRT' } },
  { name: 'beforeExit that schedules work', script: 'before-exit-loop.mjs', ends: { exitCode: 0 } },
  { name: 'unsettled top-level await', script: 'unsettled-await.mjs', ends: { exitCode: 13 } },
  { name: 'large output, then the end', script: 'large-output.mjs', ends: { exitCode: 0 } },
  { name: 'stack overflow that is caught', script: 'deep-recursion-caught.mjs', ends: { exitCode: 0 } },
];

const failures: readonly ExitCase[] = [
  { name: 'error while the module loads', script: 'uncaught-sync.mjs', ends: { exitCode: 1 } },
  { name: 'error from a timer', script: 'uncaught-timer.cjs', ends: { exitCode: 1 } },
  { name: 'error with a handler', script: 'uncaught-handled.mjs', ends: { exitCode: 3 } },
  { name: 'error with a monitor', script: 'uncaught-monitored.mjs', ends: { exitCode: 1 } },
  { name: 'rejection with undefined', script: 'rejection-not-an-error.mjs', ends: { exitCode: 1 } },
  ...Object.entries({ strict: 1, throw: 1, 'warn-with-error-code': 1, warn: 0, none: 0 }).map(
    ([mode, exitCode]) => ({
      name: `rejection, ${mode}`,
      script: 'rejection.mjs',
      flags: [`--unhandled-rejections=${mode}`],
      ends: { exitCode },
    }),
  ),
];

const blocked: readonly ExitCase[] = [
  { name: 'process.exit within a block', script: 'exit-within-block.mjs', ends: { exitCode: 7 } },
  { name: 'error within a block', script: 'throw-within-block.mjs', ends: { exitCode: 1 } },
  { name: 'self-kill within a block', script: 'kill-within-block.mjs', ends: { signal: 'SIGTERM' } },
  { name: 'process.exit after a blocked boot', script: 'boot-blocks-then-exits.cjs', ends: { exitCode: 7 } },
  { name: 'exit listener that blocks', script: 'exit-listener-blocks.mjs', ends: { exitCode: 7 } },
  { name: 'process.exit, execSync unanswered', script: 'exit-after-exec-sync.mjs', ends: { exitCode: 7 } },
  { name: 'error, execSync unanswered', script: 'throw-after-exec-sync.mjs', ends: { exitCode: 1 } },
  { name: 'natural end, execSync unanswered', script: 'end-after-exec-sync.mjs', ends: { exitCode: 0 } },
  {
    name: 'process.exit, pbkdf2Sync unanswered',
    script: 'exit-after-pbkdf2-sync.mjs',
    ends: { exitCode: 7 },
  },
];

const signals: readonly ExitCase[] = [
  { name: 'self-kill', script: 'self-kill.mjs', ends: { signal: 'SIGTERM' } },
  ...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const).flatMap((signal) => [
    { name: `${signal}, no handler`, script: 'signal-default.mjs', signal, ends: { signal } },
    { name: `${signal}, handler exits`, script: 'signal-exits.mjs', signal, ends: { exitCode: 3 } },
  ]),
  {
    name: 'SIGTERM, server closes',
    script: 'signal-ends-server.mjs',
    signal: 'SIGTERM',
    ends: { exitCode: 0 },
  },
  {
    name: 'SIGTERM while blocked',
    script: 'signal-while-blocked.mjs',
    signal: 'SIGTERM',
    ends: { signal: 'SIGTERM' },
  },
  {
    name: 'SIGTERM within execSync',
    script: 'signal-in-exec-sync.mjs',
    signal: 'SIGTERM',
    ends: { signal: 'SIGTERM' },
  },
];

const cases = [...endings, ...failures, ...blocked, ...signals];

describe.each(supportedNodes)('on Node $name, an application ends as without Loopscope', (node) => {
  describe.each([
    { mode: 'plain', inspector: [], repetitions: 2 },
    { mode: 'under --inspect', inspector: ['--inspect=0'], repetitions: 1 },
  ])('$mode', ({ inspector, repetitions }) => {
    test.each(cases)('$name', async ({ script, flags = [], signal, ends }) => {
      const ending = await expectSameConduct(
        {
          node,
          args: [...inspector, ...flags, fixture(`exit/${script}`)],
          ...(signal && { kill: { signal, whenPrinted: 'ready' } }),
        },
        { timed: true, repetitions },
      );
      expect(ending).toMatchObject(ends);
    });
  });

  test.each(cases.filter(({ signal }) => signal === undefined))(
    'preloaded by --require: $name',
    async (each) => {
      const { script, flags = [], ends } = each;
      const command = { node, args: [...flags, fixture(`exit/${script}`)] };
      const ending = await expectSameConduct(command, { preload: byRequire });
      expect(ending).toMatchObject(ends);
    },
  );

  // V8's last words differ with the moment, so only how the process ends is compared.
  test('out of memory', async () => {
    const command = { node, args: ['--max-old-space-size=32', fixture('exit/heap-exhausted.mjs')] };
    const ending = await expectSameConduct(command, { normalize: () => '' });
    expect(ending).toMatchObject({ signal: 'SIGABRT' });
  });
});
