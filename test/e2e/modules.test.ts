// On the application's thread Loopscope is one file and Node's own modules, and few of those.
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { after, byImport, byRequire, type Preload, sdkFolder } from '../harness/preload.ts';
import { run } from '../harness/run.ts';

interface Modules {
  readonly loaded: readonly string[];
  readonly builtins: readonly string[];
}

const register = pathToFileURL(`${sdkFolder}dist/register.js`).href;
const gate = pathToFileURL(`${sdkFolder}register.cjs`).href;
// What would pull in a network stack or a parser on the application's thread.
const heavy = [
  'http',
  'https',
  'net',
  'tls',
  'dns',
  'zlib',
  'crypto',
  'http2',
  'dgram',
  'child_process',
  'cluster',
];

describe.each(supportedNodes)('on Node $name', (node) => {
  test.each([
    { pair: byImport, own: [register] },
    { pair: byRequire, own: [gate, register] },
  ])('preloaded by $pair.name, nothing else is loaded on the main thread', async ({ pair, own }) => {
    const recorded = after(pair, '--require', fixture('loading/records-modules.mjs'));
    const modulesWith = async (preload: Preload): Promise<Modules> => {
      const { stdout } = await run({ node, args: [fixture('exit/exit-timer.mjs')], preload });
      return JSON.parse(/^modules (.*)$/m.exec(stdout)?.[1] ?? '') as Modules;
    };
    const [without, withAgent] = [await modulesWith(recorded.baseline), await modulesWith(recorded.ours)];
    const added = withAgent.loaded.filter((url) => !without.loaded.includes(url));
    expect(added.filter((url) => !url.startsWith('node:'))).toEqual(own);
    const builtins = withAgent.builtins.filter((name) => !without.builtins.includes(name));
    expect(builtins.filter((name) => heavy.includes(name.replace('NativeModule ', '')))).toEqual([]);
  });
});
