import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

const say = new URL('../../src/shared/say.ts', import.meta.url).href;

/** What a process prints that runs this code, with `sayOnce` and `debugTo` at hand. */
function printed(code: string): { out: string; errors: string[] } {
  const program = `import { sayOnce, debugTo } from ${JSON.stringify(say)};\n${code}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: {},
  });
  expect(status, stderr).toBe(0);
  return { out: stdout, errors: stderr.split('\n').slice(0, -1) };
}

describe('a line', () => {
  test('is said once for each text, on standard error', () => {
    const { out, errors } = printed("sayOnce('one'); sayOnce('two'); sayOnce('one');");
    expect(errors).toEqual(['loopscope: one', 'loopscope: two']);
    expect(out).toBe('');
  });

  test('is written before the process goes on, even into its end', () => {
    expect(printed("sayOnce('last'); process.reallyExit(0);").errors).toEqual(['loopscope: last']);
  });

  test('is dropped once a hundred have been said', () => {
    const { errors } = printed("for (let n = 1; n <= 500; n += 1) sayOnce('line ' + n);");
    expect(errors).toHaveLength(100);
    expect(errors.at(-1)).toBe('loopscope: line 100');
  });

  test('does not make the stream of standard error, and fails where that is closed, in silence', () => {
    const { out } = printed(`
      import { closeSync } from 'node:fs';
      const before = Object.getOwnPropertyDescriptor(process, 'stderr').get;
      closeSync(2);
      sayOnce('nobody hears this');
      console.log(typeof before);
    `);
    expect(out).toBe('function\n');
  });
});

describe('a line for debugging', () => {
  test('is said each time, with the process that says it', () => {
    const { errors } = printed("const debug = debugTo(true); debug('x'); debug('x');");
    expect(errors).toEqual([
      expect.stringMatching(/^LOOPSCOPE \d+: x$/),
      expect.stringMatching(/^LOOPSCOPE \d+: x$/),
    ]);
  });

  test('is not said where nobody debugs', () => {
    expect(printed("debugTo(false)('x');").errors).toEqual([]);
  });
});
