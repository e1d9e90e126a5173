import { describe, expect, test } from 'vitest';
import { Overload } from '../../src/agent/overload.ts';
import { reasonOf, shareOf } from '../../src/shared/overload.ts';

const heartbeatMs = 25;
const lookMs = 50;
const calm = { heartbeatMs, stalled: false, poolSaturated: false };

/** A loop whose turns take as long as it is told, looked at as the agent looks. */
class Loop {
  readonly overload = new Overload();
  now = 0;
  word = 0;
  #ticks = 0;
  #seen = 0;

  /** Lets it turn for so long, each turn of this length. */
  turn(turnMs: number | (() => number), forMs: number, more: Partial<typeof calm> = {}): void {
    for (const end = this.now + forMs; this.now < end; ) {
      this.now += lookMs;
      const length = typeof turnMs === 'function' ? turnMs() : turnMs;
      this.#ticks += lookMs / Math.max(length, heartbeatMs);
      const ticks = Math.floor(this.#ticks) - this.#seen;
      this.#seen += ticks;
      this.word = this.overload.looked(this.now, { ...calm, ticks, ...more });
    }
  }
}

describe('nothing is refused', () => {
  test('of a loop that is healthy, however long', () => {
    const loop = new Loop();
    loop.turn(5, 60_000);
    expect(loop.word).toBe(0);
  });

  test('of one that is busy and keeps up', () => {
    const loop = new Loop();
    loop.turn(80, 60_000);
    expect(loop.word).toBe(0);
  });

  test('for one slow turn', () => {
    const loop = new Loop();
    loop.turn(5, 1000);
    loop.turn(200, 200);
    loop.turn(5, 50);
    expect(loop.word).toBe(0);
  });
});

describe('a share is refused', () => {
  test('of a loop whose turns stay long, more and more, never all', () => {
    const loop = new Loop();
    loop.turn(300, 1500);
    const early = shareOf(loop.word);
    expect(early).toBeGreaterThan(100);
    expect(reasonOf(loop.word)).toBe('saturated');
    loop.turn(300, 10_000);
    expect(shareOf(loop.word)).toBe(950);
  });

  test('that comes to rest where the loop keeps up, and ends with the load', () => {
    const loop = new Loop();
    // Twice what it can do: a turn is as long as what it has taken on.
    const load = (): number => 5 + 200 * Math.max(0, 1 - shareOf(loop.word) / 1000 - 0.2);
    loop.turn(load, 20_000);
    const shares: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      loop.turn(load, 250);
      shares.push(shareOf(loop.word));
    }
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(150);
    loop.turn(5, 5000);
    expect(loop.word).toBe(0);
  });

  test('after a stall, for as long as it takes to work off', () => {
    const loop = new Loop();
    loop.turn(5, 1000);
    loop.turn(1e9, 2000, { stalled: true });
    expect(reasonOf(loop.word)).toBe('stalled');
    expect(shareOf(loop.word)).toBeGreaterThan(500);
    loop.turn(5, 3000);
    expect(loop.word).toBe(0);
  });

  test('while the pool is full, and its jobs wait', () => {
    const loop = new Loop();
    loop.turn(5, 1000, { poolSaturated: true });
    expect([shareOf(loop.word), reasonOf(loop.word)]).toEqual([380, 'threadpool']);
    loop.turn(5, 1000);
    expect(loop.word).toBe(0);
  });
});

test('a time for which the whole process stood still is no long turn', () => {
  const loop = new Loop();
  loop.turn(5, 1000);
  loop.now += 60_000;
  loop.overload.suspended(60_000);
  loop.turn(5, 100);
  expect(loop.word).toBe(0);
});
