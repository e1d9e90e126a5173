import { describe, expect, test } from 'vitest';
import { CulpritTimes } from '../../src/agent/culprit-times.ts';
import type { Stall } from '../../src/shared/stall.ts';

function stallBy(name: string, durationMs: number, changes: Partial<Stall> = {}): Stall {
  return {
    id: '1',
    thread: { id: 0, name: 'main' },
    state: 'closed',
    phase: 'running',
    startedAt: 1_700_000_000_000,
    durationMs,
    suspendedMs: 0,
    inspectorOpen: false,
    culprit: {
      function: name,
      file: `/srv/node_modules/@acme/orders/lib/${name}.js`,
      line: 7,
      column: 9,
      late: false,
    },
    fingerprint: `print of ${name}`,
    cause: 'cpu',
    evidence: {},
    advice: '',
    victims: { requests: 0, lostMs: 0 },
    captures: [],
    ...changes,
  };
}

function told(times: CulpritTimes): Record<string, number> {
  return Object.fromEntries(
    Array.from(times.entries(), ({ attributes, ms }) => [
      `${attributes['code.function.name']} ${attributes['thread']}`,
      ms,
    ]),
  );
}

describe('the time of a culprit', () => {
  test('adds up, with its function and its file as its package knows it', () => {
    const times = new CulpritTimes();
    times.add(stallBy('price', 100));
    times.add(stallBy('price', 50));
    expect([...times.entries()]).toEqual([
      {
        attributes: {
          'code.function.name': 'price',
          'code.file.path': '@acme/orders/lib/price.js',
          fingerprint: 'print of price',
          thread: 'main',
        },
        ms: 150,
      },
    ]);
  });

  test('is told by thread', () => {
    const times = new CulpritTimes();
    times.add(stallBy('price', 100));
    times.add(stallBy('price', 70, { thread: { id: 3, name: 'worker' } }));
    expect(told(times)).toEqual({ 'price main': 100, 'price worker': 70 });
  });

  test('of later culprits is told together, and the first twenty stay', () => {
    const times = new CulpritTimes();
    for (let culprit = 0; culprit < 30; culprit += 1) {
      times.add(stallBy(`f${culprit}`, 10));
    }
    times.add(stallBy('f3', 5));
    times.add(stallBy('f29', 5));
    expect(told(times)).toMatchObject({ 'f3 main': 15, 'f19 main': 10, 'other main': 105 });
    expect(Object.keys(told(times))).toHaveLength(21);
  });

  test('is not told of a stall without a stack', () => {
    const { culprit: _, fingerprint: __, ...unnamed } = stallBy('price', 100);
    const times = new CulpritTimes();
    times.add(unnamed);
    expect([...times.entries()]).toEqual([]);
  });

  test('has a path of at most 120 characters, its end', () => {
    const times = new CulpritTimes();
    times.add(stallBy('x'.repeat(300), 100));
    const [time] = times.entries();
    expect(time?.attributes['code.file.path']).toMatch(/^…x{116}\.js$/);
  });
});
