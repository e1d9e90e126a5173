import { describe, expect, test } from 'vitest';
import { framesOf, originOf, printable } from '../../src/agent/frames.ts';
import type { RawCallSite } from '../../src/shared/messages.ts';

const ownScript = 'file:///srv/app/node_modules/@loopscope/sdk/dist/register.js';

function callSite(functionName: string, scriptName = 'file:///srv/app/src/orders.js'): RawCallSite {
  return { functionName, scriptName, lineNumber: 7, columnNumber: 9 };
}

/** Our probe's frames and the one that `Runtime.evaluate` compiled. */
const own = [callSite('answerCapture', ownScript), callSite('probe', ownScript), callSite('', '')];

function fileOf(scriptName: string): string | undefined {
  return framesOf([callSite('f', scriptName)], ownScript)[0]?.file;
}

describe('the frames of our own', () => {
  test('are cut, with the script that the interrupt compiled', () => {
    const frames = framesOf([...own, callSite('sum'), callSite('handle')], ownScript);
    expect(frames.map((frame) => [frame.function, frame.depth])).toEqual([
      ['sum', 0],
      ['handle', 1],
    ]);
  });

  test('leave nothing where the loop was idle', () => {
    expect(framesOf(own, ownScript)).toEqual([]);
    expect(framesOf(own.slice(0, 2), ownScript)).toEqual([]);
    expect(framesOf([], ownScript)).toEqual([]);
  });

  test('do not take an application frame without a script with them', () => {
    const frames = framesOf([...own, callSite('compiled', ''), callSite('sum')], ownScript);
    expect(frames.map((frame) => frame.function)).toContain('compiled');
  });

  test('are left out wherever they lie: a probe of ours may have been what was interrupted', () => {
    const frames = framesOf([...own, callSite('sum'), callSite('tell', ownScript)], ownScript);
    expect(frames.map((frame) => [frame.function, frame.origin])).toEqual([['sum', 'application']]);
  });
});

describe('the order', () => {
  const stack = [
    callSite('readFileSync', 'node:fs'),
    callSite('load', 'file:///srv/app/node_modules/config/index.js'),
    callSite('settings', 'file:///srv/app/src/settings.js'),
    callSite('next', 'file:///srv/app/node_modules/express/router.js'),
    callSite('handle', 'file:///srv/app/src/server.js'),
    callSite('emit', 'node:events'),
  ];

  test("is the application's frames, then packages', then Node's, each from the inside out", () => {
    expect(framesOf(stack, ownScript).map((frame) => [frame.function, frame.depth, frame.origin])).toEqual([
      ['settings', 2, 'application'],
      ['handle', 4, 'application'],
      ['load', 1, 'dependency'],
      ['next', 3, 'dependency'],
      ['readFileSync', 0, 'node'],
      ['emit', 5, 'node'],
    ]);
  });

  test('keeps the application within the bound of a deep stack', () => {
    const deep = Array.from({ length: 190 }, (_, depth) => callSite(`f${depth}`, 'node:internal/deep'));
    const frames = framesOf([...deep, callSite('outermost')], ownScript);
    expect(frames).toHaveLength(50);
    expect(frames[0]).toMatchObject({ function: 'outermost', depth: 190 });
    expect(frames[49]).toMatchObject({ function: 'f48', depth: 48 });
  });
});

describe('the file of a frame', () => {
  test.each([
    ['a file URL is made a path', 'file:///srv/app/src/orders.js', '/srv/app/src/orders.js'],
    ['percent-encoding is resolved', 'file:///srv/my%20app/%C3%A9t%C3%A9.js', '/srv/my app/été.js'],
    ['a query and a hash are left out', 'file:///srv/app/orders.js?token=secret#now', '/srv/app/orders.js'],
    ['an encoded mark is part of the name', 'file:///srv/app/a%3Fb%23c.js', '/srv/app/a?b#c.js'],
    ['a path stays', '/srv/app/orders.cjs', '/srv/app/orders.cjs'],
    ["one of Node's stays", 'node:internal/fs/utils', 'node:internal/fs/utils'],
    ['one without a script stays empty', '', ''],
    ['a broken escape stays as it was', 'file:///srv/%E0%A4%A.js', 'file:///srv/%E0%A4%A.js'],
    ['a URL that is no path stays as it was', 'file://host/srv/a.js', 'file://host/srv/a.js'],
    ['line breaks are escaped', 'file:///srv/a%0Ab.js', '/srv/a\\u000ab.js'],
    ['NUL is escaped', 'file:///srv/a%00b.js', '/srv/a\\u0000b.js'],
  ])('%s', (_name, scriptName, file) => {
    expect(fileOf(scriptName)).toBe(file);
  });

  test('is bounded', () => {
    expect(fileOf(`/${'a'.repeat(1_000_000)}`)?.length).toBe(500);
    expect(fileOf(`file:///${'a'.repeat(1_000_000)}`)?.length).toBe(500);
  });
});

describe('whose code a file is', () => {
  test.each([
    ['/srv/app/src/orders.js', 'application'],
    ['/srv/app/node_modules/x/index.js', 'dependency'],
    ['C:\\app\\node_modules\\x\\index.js', 'dependency'],
    ['/srv/node_modules.js', 'application'],
    ['node:fs', 'node'],
    ['', 'node'],
    ['evalmachine.<anonymous>', 'application'],
  ])('%s: %s', (file, origin) => {
    expect(originOf(file)).toBe(origin);
  });
});

describe('a hostile name', () => {
  const nameOf = (functionName: string): string =>
    framesOf([callSite(functionName)], ownScript)[0]?.function ?? 'none';

  test.each([
    ['a line break', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['a terminal escape', '\u001b[31mred\u009b0m', '\\u001b[31mred\\u009b0m'],
    ['NUL and DEL', 'a\u0000b\u007f', 'a\\u0000b\\u007f'],
    ['a separator of lines or paragraphs', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['a reversal of direction', 'a\u202eb\u2066', 'a\\u202eb\\u2066'],
    ['a lone surrogate', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['that of a property of every object', '__proto__', '__proto__'],
    ['quotes and markup, which are text', '"<b>\'`', '"<b>\'`'],
  ])('with %s is made safe', (_name, name, safe) => {
    expect(nameOf(name)).toBe(safe);
  });

  test('of a megabyte is cut', () => {
    expect(nameOf('x'.repeat(1_000_000))).toBe(`${'x'.repeat(119)}…`);
    expect(nameOf('x'.repeat(120))).toBe('x'.repeat(120));
  });

  test.each([0, 1, 2, 3, 4, 5])('is whole text wherever it is cut: %i before pairs', (before) => {
    const cut = nameOf(`${'x'.repeat(before)}${'😀'.repeat(1000)}`);
    expect(cut.length).toBeLessThanOrEqual(120);
    expect(cut.isWellFormed()).toBe(true);
    const escaped = nameOf(`${'x'.repeat(before)}${'\u0000'.repeat(1000)}`);
    expect(escaped.length).toBeLessThanOrEqual(120);
  });
});

test('what is printable stays as it is', () => {
  expect(printable('Ünïcode 漢字 😀 ()')).toBe('Ünïcode 漢字 😀 ()');
  expect(printable('')).toBe('');
});
