import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { interruptMain } from '../../src/agent/interrupt.ts';
import { monotonicNow } from '../../src/shared/clock.ts';

const source = new URL('../../src/agent/interrupt.ts', import.meta.url).href;
const words = new Int32Array(new SharedArrayBuffer(8));

/** Set by the expressions of the tests. */
const probe = { hits: 0 };
Object.assign(globalThis, { testedProbe: probe });

afterEach(() => {
  probe.hits = 0;
  words.fill(0);
});

/** A thread that interrupts this one, with each of these expressions in turn, once it is told to. */
async function interrupter(...expressions: string[]): Promise<void> {
  const code = `
    import { workerData } from 'node:worker_threads';
    import { interruptMain } from ${JSON.stringify(source)};
    const { words, expressions } = workerData;
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
    Atomics.wait(words, 1, 0);
    for (const expression of expressions) {
      interruptMain(expression);
    }
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: { words, expressions },
  });
  onTestFinished(async () => {
    await worker.terminate();
  });
  await Atomics.waitAsync(words, 0, 0).value;
}

/** Lets it go, and blocks this thread until it has been there, or until the cap. */
function blockUntil(done: () => boolean): boolean {
  Atomics.store(words, 1, 1);
  Atomics.notify(words, 1);
  const end = monotonicNow() + 20_000;
  while (!done() && monotonicNow() < end) {
    // Blocked.
  }
  return done();
}

describe('an interrupt', () => {
  test('runs inside the code that blocks the thread', async () => {
    await interrupter('testedProbe.hits += 1');
    expect(blockUntil(() => probe.hits > 0)).toBe(true);
    expect(probe.hits).toBe(1);
  });

  test('that never ends by itself is ended, and the thread goes on', async () => {
    await interrupter('testedProbe.hits += 1; for (;;) {}', 'testedProbe.hits += 1');
    expect(blockUntil(() => probe.hits === 2)).toBe(true);
  });

  test.each(['(((', 'throw new Error("an expression that throws")', 'absent.property', 'debugger'])(
    'that fails, or would stop the thread, does neither to it: %s',
    async (expression) => {
      await interrupter(expression, 'testedProbe.hits += 1');
      expect(blockUntil(() => probe.hits === 1)).toBe(true);
    },
  );

  test('is refused on the thread that it would be for', () => {
    expect(() => interruptMain('1')).toThrow(expect.objectContaining({ code: 'ERR_INSPECTOR_NOT_WORKER' }));
  });
});
