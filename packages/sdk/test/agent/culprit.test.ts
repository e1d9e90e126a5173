import { describe, expect, test } from 'vitest';
import { culpritOf, packageOf } from '../../src/agent/culprit.ts';
import { originOf } from '../../src/agent/frames.ts';
import type { Capture, Culprit, Frame } from '../../src/shared/stall.ts';

function frame(functionName: string, file = '/srv/app/src/orders.js', changes: Partial<Frame> = {}): Frame {
  return { function: functionName, file, line: 10, column: 3, depth: 0, origin: originOf(file), ...changes };
}

/** A stack that was taken in JavaScript. */
function taken(afterMs: number, ...frames: readonly Frame[]): Capture {
  return { afterMs, waitedMs: 1, late: false, frames };
}

/** A stack that was taken as a native call of this length returned. */
function late(afterMs: number, waitedMs: number, ...frames: readonly Frame[]): Capture {
  return { afterMs, waitedMs, late: true, frames };
}

function culprit(changes: Partial<Culprit> = {}): Culprit {
  return { function: 'sum', file: '/srv/app/src/orders.js', line: 10, column: 3, late: false, ...changes };
}

describe('the culprit', () => {
  test('is the innermost frame that the captures put first', () => {
    const found = culpritOf([taken(100, frame('inner'), frame('outer', undefined, { depth: 1 }))], 500);
    expect(found).toEqual(culprit({ function: 'inner' }));
  });

  test('is the frame that most of the time speaks for, not most of the captures', () => {
    const short = frame('short');
    const captures = [taken(100, short), taken(200, short), taken(210, short), taken(1000, frame('long'))];
    expect(culpritOf(captures, 2000)?.function).toBe('long');
  });

  test('is another once a stall has gone on elsewhere', () => {
    const captures = [taken(100, frame('first')), taken(200, frame('second'))];
    expect(culpritOf(captures, 250)?.function).toBe('first');
    expect(culpritOf(captures, 400)?.function).toBe('second');
  });

  test('adds up what comes back, at whatever line', () => {
    const captures = [
      taken(100, frame('a', undefined, { line: 1 })),
      taken(250, frame('b')),
      taken(400, frame('a', undefined, { line: 2 })),
    ];
    expect(culpritOf(captures, 450)).toEqual(culprit({ function: 'a', line: 1 }));
  });

  test('tells functions of one name in two files apart', () => {
    const inFile = (file: string): Frame => frame('run', file);
    const captures = [
      taken(100, inFile('/srv/a.js')),
      taken(160, inFile('/srv/b.js')),
      taken(300, inFile('/srv/b.js')),
    ];
    expect(culpritOf(captures, 400)?.file).toBe('/srv/b.js');
  });

  test('is where a native call was left, and said to be late, when the call took most of the time', () => {
    const captures = [taken(100, frame('before')), late(5000, 4800, frame('after'))];
    expect(culpritOf(captures, 5001)).toEqual(culprit({ function: 'after', late: true }));
  });

  test('is not where a short native call was left', () => {
    const captures = [taken(100, frame('loop')), taken(400, frame('loop')), late(830, 30, frame('after'))];
    expect(culpritOf(captures, 840)).toEqual(culprit({ function: 'loop' }));
  });

  test('is not late where any punctual capture speaks against it too', () => {
    expect(culpritOf([late(500, 400, frame('both')), taken(600, frame('both'))], 700)?.late).toBe(false);
  });

  test("is Node's own frame only where no capture met any other", () => {
    const node = frame('readFileSync', 'node:fs');
    expect(culpritOf([taken(100, node)], 1000)?.function).toBe('readFileSync');
    expect(culpritOf([taken(1000, node), taken(1100, frame('load'))], 1110)?.function).toBe('load');
  });

  test('names the package of a dependency, where nothing of the application is on the stack', () => {
    const found = culpritOf([taken(100, frame('render', '/srv/app/node_modules/@acme/pages/lib/x.js'))], 200);
    expect(found).toMatchObject({ function: 'render', package: '@acme/pages' });
  });

  test('of a function without a name is anonymous', () => {
    expect(culpritOf([taken(100, frame(''))], 200)?.function).toBe('(anonymous)');
  });

  test('is none without captures, or without frames', () => {
    expect(culpritOf([], 200)).toBeUndefined();
    expect(culpritOf([taken(100)], 200)).toBeUndefined();
  });

  test('is found beside captures without frames', () => {
    expect(culpritOf([taken(100), taken(150, frame('a')), taken(900)], 1000)?.function).toBe('a');
  });

  test('may have the name of a property that every object has', () => {
    const hostile = frame('__proto__', 'constructor');
    expect(culpritOf([taken(100, hostile), taken(300, hostile)], 400)).toMatchObject({
      function: '__proto__',
      file: 'constructor',
    });
  });
});

describe('the package of a file', () => {
  test.each([
    ['/srv/app/src/orders.js', undefined],
    ['/srv/app/node_modules/lodash/sortBy.js', 'lodash'],
    ['/srv/app/node_modules/@acme/pages/lib/x.js', '@acme/pages'],
    ['/srv/app/node_modules/a/node_modules/b/index.js', 'b'],
    ['/srv/app/node_modules/.pnpm/@acme+pages@1.0.0/node_modules/@acme/pages/lib/x.js', '@acme/pages'],
    ['C:\\srv\\app\\node_modules\\@acme\\pages\\lib\\x.js', '@acme/pages'],
    ['C:\\srv\\app\\src\\orders.js', undefined],
    ['/srv/my_node_modules/x/index.js', undefined],
    ['node:fs', undefined],
    ['', undefined],
  ])('%s: %s', (file, name) => {
    expect(packageOf(file)).toBe(name);
  });
});

describe('with a CPU profile', () => {
  const profiled = frame('loadReport', '/srv/app/src/report.js', { line: 42, column: 0 });
  const blamed = culprit({ function: 'loadReport', file: '/srv/app/src/report.js', line: 42, column: 0 });

  test('a late stack does not win, and the culprit is not late', () => {
    expect(culpritOf([late(480, 400, frame('next'))], 500, profiled)).toEqual(blamed);
  });

  test('a stall without a stack has a culprit too', () => {
    expect(culpritOf([], 500, profiled)).toEqual(blamed);
  });

  test('stacks from inside of the code stay the better evidence', () => {
    expect(culpritOf([taken(100, frame('inner'))], 500, profiled)?.function).toBe('inner');
  });

  test('the line of a function that only called is that of its stack', () => {
    const calling = frame('convert', '/srv/app/src/image.js', { line: 1, column: 20 });
    const stacked = frame('convert', '/srv/app/src/image.js', { line: 8, column: 10 });
    expect(culpritOf([late(480, 400, stacked)], 500, calling)).toMatchObject({
      line: 8,
      column: 10,
      late: false,
    });
  });
});
