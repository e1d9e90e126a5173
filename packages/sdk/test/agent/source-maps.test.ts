import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'rolldown/utils';
import { beforeEach, describe, expect, test } from 'vitest';
import { SourceMapper } from '../../src/agent/source-maps.ts';
import type { RawCallSite } from '../../src/shared/messages.ts';
import type { SourcePosition } from '../../src/shared/source-position.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-folder.ts';

const typescript = `interface Order {
  readonly price: number;
}

export function total(orders: readonly Order[]): number {
  return orders.reduce((sum: number, order: Order): number => sum + spin(order.price), 0);
}

function spin(price: number): number {
  return price;
}
`;

let asked: SourcePosition[];
let lines: string[];
let mapper: SourceMapper;

beforeEach(() => {
  asked = [];
  lines = [];
  mapper = new SourceMapper({ ask: (place) => asked.push(place), debug: (line) => lines.push(line) });
});

/** The source, compiled, and its map. */
function compile(): { code: string; map: string } {
  const { code, map, errors } = transformSync('orders.ts', typescript, { sourcemap: true });
  expect(errors).toEqual([]);
  return { code, map: JSON.stringify(map) };
}

/** Where a text begins, as V8 counts. */
function placeOf(text: string, code: string): Pick<RawCallSite, 'lineNumber' | 'columnNumber'> {
  const before = code.slice(0, code.indexOf(text)).split('\n');
  return { lineNumber: before.length, columnNumber: (before.at(-1)?.length ?? 0) + 1 };
}

function callSite(scriptName: string, code: string, text = 'spin('): RawCallSite {
  return { functionName: 'f', scriptName, ...placeOf(text, code) };
}

/** The compiled code and its map, as a build leaves them. */
function build(reference: (map: string) => string): { script: string; code: string; folder: string } {
  const folder = temporaryFolder();
  const { code, map } = compile();
  const script = join(folder, 'orders.js');
  writeFileSync(script, `${code}//# sourceMappingURL=${reference(map)}\n`);
  writeFileSync(join(folder, 'orders.js.map'), map);
  return { script, code, folder };
}

describe('a call site is shown at its original position', () => {
  const base64 = (map: string): string => Buffer.from(map).toString('base64');
  test.each<[string, (map: string) => string]>([
    ['by a map beside the script', () => 'orders.js.map'],
    ['by a map inside of it', (map) => `data:application/json;base64,${base64(map)}`],
    ['by one with a charset', (map) => `data:application/json;charset=utf-8;base64,${base64(map)}`],
    ['by one in percent-encoding', (map) => `data:application/json,${encodeURIComponent(map)}`],
  ])('%s', (_name, reference) => {
    const { script, code, folder } = build(reference);
    const original = { functionName: 'f', scriptName: pathToFileURL(join(folder, 'orders.ts')).href };
    for (const text of ['total(', 'spin(', 'price)']) {
      expect(mapper.mapped(callSite(script, code, text))).toEqual({
        ...original,
        ...placeOf(text, typescript),
      });
    }
    expect(asked).toEqual([]);
  });

  test('which between two marks of the map is the first of them', () => {
    const { script, code } = build(() => 'orders.js.map');
    const sum = callSite(script, code, 'sum + spin(');
    const beforeSpin = { ...sum, columnNumber: sum.columnNumber + 'sum +'.length };
    expect(mapper.mapped(beforeSpin)).toMatchObject(placeOf('sum + spin(', typescript));
  });

  test('whether the script is named by path or by URL, with a query or without', () => {
    const { script, code } = build(() => 'orders.js.map');
    const { href } = pathToFileURL(script);
    const positions = [script, href, `${href}?version=2`].map((name) => {
      const { lineNumber, columnNumber } = mapper.mapped(callSite(name, code));
      return { lineNumber, columnNumber };
    });
    expect(positions).toEqual(positions.map(() => placeOf('spin(', typescript)));
  });

  test('by a map in sections, as some bundlers write them', () => {
    const { code, map } = compile();
    const sections = [{ offset: { line: 1, column: 0 }, map: JSON.parse(map) as unknown }];
    const inline = Buffer.from(JSON.stringify({ version: 3, sections })).toString('base64');
    const shifted = `// A banner\n${code}`;
    const script = temporaryFile(
      'orders.js',
      `${shifted}//# sourceMappingURL=data:application/json;base64,${inline}\n`,
    );
    expect(mapper.mapped(callSite(script, shifted))).toMatchObject(placeOf('spin(', typescript));
  });

  test('read once, however often it is asked for', () => {
    const { script, code, folder } = build(() => 'orders.js.map');
    const before = mapper.mapped(callSite(script, code));
    writeFileSync(join(folder, 'orders.js.map'), 'not a map any more');
    expect(mapper.mapped(callSite(script, code))).toEqual(before);
  });
});

describe('a call site stays as it was, and nothing fails,', () => {
  test.each<[string, (map: string) => string]>([
    ['where its map is gone', () => 'gone.js.map'],
    ['where its map is no JSON', () => 'data:application/json;base64,bm90IGpzb24='],
    ['where its map is JSON of another kind', () => 'data:application/json,%7B%7D'],
    ['where its map is far away', () => 'http://192.0.2.1/orders.js.map'],
    ['where its map is nowhere', () => 'http://['],
    ['where its map has a broken escape', () => 'data:application/json,%E0%A4%A'],
    ['where its map is a folder', () => '.'],
  ])('%s', (_name, reference) => {
    const { script, code } = build(reference);
    expect(mapper.mapped(callSite(script, code))).toEqual(callSite(script, code));
    expect(lines).toEqual([expect.stringContaining(script)]);
  });

  test('where its mappings are broken', () => {
    const broken = { version: 3, sources: ['a'], mappings: '!!!' };
    const { script, code } = build(
      () => `data:application/json,${encodeURIComponent(JSON.stringify(broken))}`,
    );
    expect(mapper.mapped(callSite(script, code))).toEqual(callSite(script, code));
  });

  test.each([
    ['a module of Node', 'node:fs'],
    ['no script', ''],
    ['compiled text', 'evalmachine.<anonymous>'],
    ['a package', '/srv/app/node_modules/x/index.js'],
    ["a bundler's own name", 'webpack-internal:///./src/orders.js'],
  ])('where it is in %s, which is not even looked for', (_name, scriptName) => {
    const site = callSite(scriptName, typescript);
    expect(mapper.mapped(site)).toBe(site);
    expect([asked, lines]).toEqual([[], []]);
  });

  test('where the map knows the script, and not the place', () => {
    const { script, code } = build(() => 'orders.js.map');
    const beyond = { ...callSite(script, code), lineNumber: 500 };
    expect(mapper.mapped(beyond)).toEqual(beyond);
    expect(asked).toEqual([]);
  });
});

describe('where the disk has no map, the thread is asked', () => {
  const code = 'function f() {\n  spin();\n}\n';
  const key = (script: string): string => `${script}:2:3`;

  test('once, and the answer holds from then on', () => {
    const script = temporaryFile('orders.js', code);
    const site = callSite(script, code);
    expect(mapper.mapped(site)).toEqual(site);
    expect(mapper.mapped(site)).toEqual(site);
    expect(asked).toEqual([{ file: script, line: 2, column: 3 }]);
    mapper.learn(key(script), { file: 'file:///srv/orders.ts', line: 20, column: 30 });
    expect(mapper.mapped(site)).toEqual({
      functionName: 'f',
      scriptName: 'file:///srv/orders.ts',
      lineNumber: 20,
      columnNumber: 30,
    });
    expect(asked).toHaveLength(1);
  });

  test('and may not know either', () => {
    const script = temporaryFile('orders.js', code);
    mapper.mapped(callSite(script, code));
    mapper.learn(key(script), undefined);
    expect(mapper.mapped(callSite(script, code))).toEqual(callSite(script, code));
    expect(asked).toHaveLength(1);
  });

  test('also of a script that is not on the disk at all', () => {
    const site = callSite('/srv/nowhere/orders.js', code);
    expect(mapper.mapped(site)).toEqual(site);
    expect(asked).toEqual([{ file: '/srv/nowhere/orders.js', line: 2, column: 3 }]);
  });

  test('and what it said is kept in bounds: the oldest is asked for anew', () => {
    const script = temporaryFile('orders.js', code);
    const at = (lineNumber: number): RawCallSite => ({ ...callSite(script, code), lineNumber });
    for (let line = 1; line <= 1000; line += 1) {
      mapper.mapped(at(line));
      mapper.learn(`${script}:${line}:3`, { file: 'file:///srv/orders.ts', line, column: 1 });
    }
    expect(asked).toHaveLength(1000);
    expect(mapper.mapped(at(1000)).scriptName).toBe('file:///srv/orders.ts');
    expect(asked).toHaveLength(1000);
    mapper.mapped(at(1));
    expect(asked).toHaveLength(1001);
  });
});

test('the maps that are kept are bounded: the oldest is read anew', () => {
  const { script, code, folder } = build(() => 'orders.js.map');
  expect(mapper.mapped(callSite(script, code))).not.toEqual(callSite(script, code));
  writeFileSync(join(folder, 'orders.js.map'), 'not a map any more');
  for (let count = 0; count < 200; count += 1) {
    mapper.mapped(callSite(`/srv/nowhere/${count}.js`, code));
  }
  expect(mapper.mapped(callSite(script, code))).toEqual(callSite(script, code));
});
