// Code that is hostile to whoever looks at it is looked at without harm: to it, to the report, or to
// the agent, which sees the next stall as well.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { ask } from '../harness/scrape.ts';
import { stallOf, stallsOnceCounted, stallWhere } from '../harness/stalls.ts';

interface Misbehaviour {
  readonly name: string;
  /** What the program must find as it was before it was looked at. */
  readonly finds: unknown;
  /** Whether a stack can be had at all. */
  readonly named: boolean;
}

const misbehaviours: readonly Misbehaviour[] = [
  { name: 'function-names', finds: true, named: true },
  { name: 'script-names', finds: null, named: true },
  { name: 'endless-prepare-stack-trace', finds: true, named: true },
  { name: 'replaced-error', finds: true, named: true },
  { name: 'frozen-error', finds: true, named: true },
  { name: 'frozen-everything', finds: null, named: true },
  { name: 'patched-globals', finds: null, named: true },
  { name: 'fake-timers', finds: true, named: true },
  { name: 'patched-prototypes', finds: null, named: true },
  { name: 'debugger-statement', finds: null, named: true },
  { name: 'deep-stack', finds: true, named: false },
];

const longestText = 1_000;

describe.each(supportedNodes)('on Node $name', (node) => {
  test.each(misbehaviours)('$name', async ({ name, finds, named }) => {
    await using app = await startApp({ node, args: [fixture('hostile/app.mjs')] });
    app.tell(name);
    const [line] = await app.printed(/^\{"found":.*$/m);
    expect(JSON.parse(line)).toEqual({ found: finds });

    const closed = named
      ? await stallOf(app.url, 'block', 'closed')
      : await stallWhere(app.url, 'its stall is closed', ({ state }) => state === 'closed');
    expect(closed.durationMs).toBeGreaterThan(350);
    expect(closed.durationMs).toBeLessThan(1_500);
    if (named) {
      expect(closed.culprit).toMatchObject({
        function: 'block',
        file: expect.stringContaining(fixture('hostile/')),
      });
    }
    for (const frame of closed.captures.flatMap(({ frames }) => frames)) {
      expect(frame.function.length).toBeLessThanOrEqual(longestText);
      expect(frame.file.length).toBeLessThanOrEqual(longestText);
    }
    const text = await (await ask(app.url, '/stalls')).text();
    expect(text.length).toBeLessThan(100_000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: raw ones must not leave
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text.isWellFormed()).toBe(true);
    await stallsOnceCounted(app.url);
    expect(await app.finish()).toMatchObject({ exitCode: 0, signal: null });
  });
});
