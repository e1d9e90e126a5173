import { createHistogram } from 'node:perf_hooks';
import { describe, expect, test } from 'vitest';
import { ThreadDelay } from '../../../src/agent/delay/thread-delay.ts';

const heartbeatMs = 25;
const windowMs = 15_000;

/** A thread whose loop ticks, is late and stalls when a test says so; it has turned at once. */
class Life {
  now: number;
  active = 0;
  readonly #since: number;
  readonly delay: ThreadDelay;
  readonly #histogram = createHistogram();

  constructor(since = 0, joinedAt = since) {
    this.now = joinedAt;
    this.#since = since;
    this.delay = new ThreadDelay({ heartbeat: this.#histogram, heartbeatMs, since });
  }

  joined(): this {
    this.look();
    this.delay.turned(this.#since);
    return this;
  }

  /** Ticks that are late by so much each. */
  tick(latenessMs: number, times = 1): this {
    for (let each = 0; each < times; each += 1) {
      this.#histogram.record(Math.round((heartbeatMs + latenessMs) * 1e6));
      this.now += heartbeatMs + latenessMs;
    }
    return this;
  }

  look(): this {
    this.delay.looking(this.now, this.#histogram.count);
    this.delay.looked(this.now);
    return this;
  }

  sample(): this {
    this.delay.looking(this.now, this.#histogram.count);
    this.delay.sampled({ at: this.now, active: this.active }, windowMs);
    this.delay.looked(this.now);
    return this;
  }

  stall(lengthMs: number, { counts = true, suspendedMs = 0 } = {}): this {
    this.delay.looking(this.now, this.#histogram.count);
    this.delay.stallOpened();
    if (suspendedMs > 0) {
      this.delay.suspended(suspendedMs);
    }
    this.tick(lengthMs + suspendedMs - 10);
    this.delay.looking(this.now, this.#histogram.count);
    this.delay.stallClosed(lengthMs, counts);
    this.delay.looked(this.now);
    return this;
  }

  get total(): { count: number; sumMs: number } {
    const { counts, sumMs } = this.delay.total(0);
    return { count: counts.reduce((sum, each) => sum + each, 0), sumMs };
  }
}

/** Within so large a share: a lateness is known by its bin, and a step that is not whole yet is not shown. */
function expectNear(value: number, truth: number, share: number): void {
  expect(Math.abs(value / truth - 1)).toBeLessThan(share);
}

const running = (): Life => new Life().joined();

describe('the total', () => {
  test('of an idle loop is a step for each 10 ms, without delay', () => {
    const life = running().tick(0.15, 400).sample();
    expect(life.total).toEqual({ count: 1000, sumMs: 0 });
    expect(life.delay.total(0).counts[0]).toBe(1000);
  });

  test('counts a tick for as many steps as it covers', () => {
    // Late by 60 ms, and 25 ms and 50 ms later it would still have been: by 35 and by 10.
    const life = running().tick(60, 4).sample();
    expect(life.total.count).toBe(4 * 3 * 2.5);
    expectNear(life.total.sumMs / 4 / 2.5, 60 + 35 + 10, 0.1);
  });

  test('has a stall by its start and end, and not by its tick as well', () => {
    const life = running().tick(0, 40).sample().stall(1000).sample();
    expectNear(life.total.sumMs, 1000 ** 2 / 20, 0.001);
    expect(life.delay.total(0).counts).toEqual([102, 0, 0, 0, 1, 2, 5, 15, 25, 50, 0, 0, 0, 0]);
  });

  test('has a stall once whose tick comes while a look goes on, and before it a sample', () => {
    const life = running().tick(0, 40).sample();
    life.delay.looking(life.now, 40);
    life.delay.stallOpened();
    life.delay.looking(life.now + 990, 40);
    life.tick(1000).delay.sampled({ at: life.now, active: 1000 }, windowMs);
    life.delay.looked(life.now);
    expect(life.total.sumMs).toBe(0);
    life.delay.looking(life.now, 41);
    life.delay.stallClosed(1000, true);
    life.delay.looked(life.now);
    expectNear(life.sample().total.sumMs, 1000 ** 2 / 20, 0.001);
  });

  test('has nothing of a stall in which a debugger may have held the loop', () => {
    const life = running().stall(1000, { counts: false }).sample();
    expect(life.total.sumMs).toBe(0);
  });

  test('has the boot, which the heartbeat has not seen', () => {
    const life = new Life();
    life.now = 480;
    life.look();
    life.delay.turned(480);
    expect(life.sample().total).toEqual({
      count: expect.closeTo(48, -1),
      sumMs: expect.closeTo(480 ** 2 / 20, -3),
    });
    expect(life.tick(0, 40).sample().total.sumMs).toBeCloseTo(480 ** 2 / 20, -3);
  });

  test('has a boot that was a stall once', () => {
    const life = new Life();
    life.delay.looking(1500, 0);
    life.delay.stallOpened();
    life.delay.stallClosed(1500, true);
    life.delay.turned(1500);
    expect(life.total.sumMs).toBeCloseTo(1500 ** 2 / 20, -3);
  });

  test('does not count again what an agent before has counted', () => {
    const life = new Life(0, 3_600_000);
    life.tick(0.1, 1000).tick(700).look();
    life.delay.turned(0);
    expect(life.total).toEqual({ count: 0, sumMs: 0 });
    expect(life.tick(0, 40).sample().total).toEqual({ count: 100, sumMs: 0 });
  });
});

describe('a suspension', () => {
  test('is no delay', () => {
    const life = running().tick(0, 40).sample();
    life.delay.suspended(5000);
    expect(life.look().tick(5010).tick(0, 39).sample().total).toEqual({ count: 200, sumMs: 0 });
  });

  test('is none either where its tick comes only later', () => {
    const life = running().tick(0, 40).sample();
    life.delay.suspended(5000);
    life.look().tick(0, 1).look().tick(4990);
    expect(life.tick(0, 38).sample().total).toEqual({ count: 200, sumMs: 0 });
  });

  test('does not hide the next block of its length', () => {
    const life = running().tick(0, 40).sample();
    life.delay.suspended(60);
    life.look().tick(60).look().tick(0, 3).look();
    expect(life.tick(60).sample().total.sumMs).toBeGreaterThan(100);
  });

  test('takes no more than its own length out of a tick that was late for longer', () => {
    const life = running().tick(0, 40).sample();
    life.delay.suspended(500);
    life.look().tick(1500).tick(0, 10).sample();
    expectNear(life.total.sumMs, (1000 ** 2 + 1000 * heartbeatMs) / 20, 0.2);
  });

  test('is taken out of one tick with another that follows it at once', () => {
    const life = running().tick(0, 40).sample();
    life.delay.suspended(2000);
    life.delay.suspended(5000);
    expect(life.look().tick(7010).tick(0, 39).sample().total).toEqual({ count: 200, sumMs: 0 });
  });

  test('in a stall is taken out with the tick of it', () => {
    const life = running().stall(300, { suspendedMs: 4000 }).tick(0, 10).sample();
    expect(life.total.sumMs).toBeCloseTo(300 ** 2 / 20, -2);
    expect(life.tick(2500).sample().total.sumMs).toBeGreaterThan(2400 ** 2 / 20);
  });

  test('in the boot is taken out of it', () => {
    const life = new Life();
    life.look();
    life.delay.suspended(3000);
    life.delay.turned(3400);
    expect(life.total.sumMs).toBeCloseTo(400 ** 2 / 20, -3);
  });
});

describe('the window', () => {
  test('is of the last samples', () => {
    const life = running();
    for (let second = 0; second < 20; second += 1) {
      life.tick(second === 2 ? 900 : 0, second === 2 ? 1 : 40).sample();
    }
    const from = life.now - windowMs;
    expect(life.delay.window(from, 0)?.maxMs).toBe(0);
    expect(life.delay.window(from, 0)?.p99Ms).toBe(0);
    expect(life.delay.window(from, 0)?.heldMs).toBe(0);
  });

  test('has a stall from its close on, and not only with the next sample', () => {
    const life = running().tick(0, 40).sample().stall(800);
    expect(life.delay.window(0, 0)?.maxMs).toBe(800);
    expect(life.sample().delay.window(0, 0)?.maxMs).toBe(800);
  });

  test('has a stall in progress at its age, and forgets it where it turns out shorter', () => {
    const life = running().tick(0, 600).sample();
    expect(life.delay.window(0, 3000)).toMatchObject({ maxMs: 3000, heldMs: 3000, p50Ms: 0 });
    expect(life.delay.window(0, 3000)?.meanMs).toBeCloseTo(3000 ** 2 / 20 / 1800);
    expect(life.delay.window(0, 0)?.maxMs).toBe(0);
  });

  test('is nothing before anything is known', () => {
    expect(new Life().look().delay.window(0, 0)).toBeUndefined();
  });
});

describe('a stall in progress', () => {
  test('raises the total as if it ended now, and nothing is taken back when it does', () => {
    const life = running().tick(0, 40).sample();
    const shown = [100, 500, 900].map((age) => life.delay.total(age));
    for (const [index, { counts, sumMs }] of shown.entries()) {
      expectNear(sumMs, ([100, 500, 900][index] ?? 0) ** 2 / 20, 0.1);
      counts.forEach((count, bucket) => {
        expect(count).toBeGreaterThanOrEqual(shown[index - 1]?.counts[bucket] ?? 0);
      });
    }
    life.stall(1000);
    expectNear(life.total.sumMs, 1000 ** 2 / 20, 0.001);
  });

  test('that turns out shorter than was shown leaves the total where it is until that is caught up with', () => {
    const life = running().tick(0, 40).sample();
    const before = life.delay.total(140);
    life.stall(120);
    expect(life.delay.total(0).sumMs).toBe(before.sumMs);
    life.stall(120);
    expect(life.delay.total(0).sumMs).toBeCloseTo((2 * 120 ** 2) / 20, -2);
  });
});

test('is read within seconds where no sample comes', () => {
  const life = running().sample().tick(0, 200).look();
  expect(life.total.count).toBe(500);
});
