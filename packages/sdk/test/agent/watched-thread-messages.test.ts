import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFile } from '../support/temporary-folder.ts';
import { blockedLife, request, sample, WatchedLife } from './watched-life.ts';

describe('messages', () => {
  test('that answer nothing are left alone', () => {
    const life = blockedLife();
    life.post({ kind: 'capture', id: 99, at: 1165, activeMs: 1, callSites: [], inspectorOpen: true });
    life.post({ kind: 'context', id: 99, request: { method: 'PUT' } });
    life.tick(1200);
    expect(life.events.at(-1)?.stall).toMatchObject({ request, inspectorOpen: false });
    expect(life.outcomes).toEqual(['taken']);
  });

  test.each([undefined, null, 7, 'text', {}, { kind: 'unknown' }, { kind: 'gc' }, { kind: '__proto__' }])(
    'that are malformed are counted, and the rest is read: %j',
    (malformed) => {
      const life = new WatchedLife();
      const entry = { type: 'major', at: 1, durationMs: 2 } as const;
      life.post(malformed);
      life.post({ kind: 'gc', entries: [entry] });
      life.tick(25);
      expect(life.failures).toEqual([['message', 1]]);
      expect(life.collected).toEqual([entry]);
    },
  );

  test('of collections tell each of them, in order', () => {
    const life = new WatchedLife();
    const entries = [1, 2, 3].map((durationMs) => ({ type: 'minor' as const, at: durationMs, durationMs }));
    life.post({ kind: 'gc', entries: entries.slice(0, 2) });
    life.post({ kind: 'gc', entries: entries.slice(2) });
    life.tick(25);
    expect(life.collected).toEqual(entries);
  });
});

describe('a sample', () => {
  test('becomes the readings, and its failures are counted', () => {
    const life = new WatchedLife();
    life.post({ ...sample, failures: { gc: 2, context: 1 } });
    life.tick(1001);
    expect(life.thread.readings.loopTime(1001, undefined).utilization).toBe(0.25);
    expect(life.failures).toEqual([
      ['gc', 2],
      ['context', 1],
    ]);
  });
});

describe('source maps', () => {
  const code = 'function sum() {\n  spin();\n}\n';

  test('are asked for only where the application uses them', () => {
    const life = blockedLife();
    expect(life.positionsAsked).toEqual([]);
  });

  test("change the frames once the application's own cache has answered", () => {
    const script = pathToFileURL(temporaryFile('orders.js', code)).href;
    const life = new WatchedLife({ sourceMaps: true });
    life.calm(1050);
    life.look(1100);
    life.capture(1101, 41, [{ functionName: 'sum', scriptName: script, lineNumber: 2, columnNumber: 3 }]);
    life.look(1160);
    expect(life.positionsAsked).toEqual([`${script}:2:3`]);
    life.post({
      kind: 'position',
      key: `${script}:2:3`,
      position: { file: 'file:///srv/orders.ts', line: 20, column: 5 },
    });
    life.look(1165);
    expect(life.events.map(({ type }) => type)).toEqual(['opened', 'updated']);
    expect(life.events[1]?.stall.culprit).toMatchObject({ file: '/srv/orders.ts', line: 20, column: 5 });
  });

  test('are used once the application has turned them on', () => {
    const script = pathToFileURL(temporaryFile('orders.js', code)).href;
    const life = new WatchedLife();
    life.post({ ...sample, sourceMaps: true });
    life.calm(1050);
    life.look(1100);
    life.capture(1101, 41, [{ functionName: 'sum', scriptName: script, lineNumber: 2, columnNumber: 3 }]);
    life.look(1160);
    expect(life.positionsAsked).toHaveLength(1);
  });
});
