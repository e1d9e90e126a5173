import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { flushAtExit } from '../../src/main/exit.ts';
import { createSharedWords } from '../../src/shared/shared-words.ts';

const source = new URL('../../src', import.meta.url).href;

/** What a process prints that exits with code 7 while an agent thread watches, or not. */
function exitOf({
  capMs,
  watching,
  flushed,
}: {
  capMs: number;
  watching: boolean;
  flushed: boolean;
}): unknown {
  const program = `
    import { writeSync } from 'node:fs';
    import { flushAtExit } from '${source}/main/exit.ts';
    import { createSharedWords, sharedWord } from '${source}/shared/shared-words.ts';
    const words = createSharedWords();
    words[sharedWord.watching] = ${watching ? 1 : 0};
    let asked = 0;
    let askedAt = performance.now();
    const askFlush = () => {
      asked += 1;
      askedAt = performance.now();
      words[sharedWord.flushed] = ${flushed ? 1 : 0};
    };
    flushAtExit({ words, capMs: ${capMs}, settle: () => {}, askFlush });
    process.on('exit', () => {
      const exiting = words[sharedWord.exiting];
      writeSync(1, JSON.stringify({ asked, exiting, waitedMs: performance.now() - askedAt }));
    });
    process.exitCode = 7;
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: {},
  });
  expect([status, stderr]).toEqual([7, '']);
  return JSON.parse(stdout);
}

test('the exit asks for the last push and waits for it, for no longer than its cap', () => {
  const waited = { asked: 1, exiting: 1, waitedMs: expect.toSatisfy((ms: number) => ms >= 199) };
  expect(exitOf({ capMs: 200, watching: true, flushed: false })).toEqual(waited);
});

test('it goes on at once when the push is done', () => {
  const early = { asked: 1, exiting: 1, waitedMs: expect.toSatisfy((ms: number) => ms < 30_000) };
  expect(exitOf({ capMs: 60_000, watching: true, flushed: true })).toEqual(early);
});

test('it waits for nothing where nothing is pushed', () => {
  expect(exitOf({ capMs: 0, watching: true, flushed: false })).toMatchObject({ asked: 0, exiting: 1 });
});

test('it waits for nothing where no agent thread watches, and the phase is told all the same', () => {
  expect(exitOf({ capMs: 60_000, watching: false, flushed: false })).toMatchObject({ asked: 0, exiting: 1 });
});

test('its listener is gone with its undo', () => {
  const before = process.listeners('exit');
  const undo = flushAtExit({ words: createSharedWords(), capMs: 0, settle: () => {}, askFlush: () => {} });
  expect(process.listenerCount('exit')).toBe(before.length + 1);
  undo();
  expect(process.listeners('exit')).toEqual(before);
});
