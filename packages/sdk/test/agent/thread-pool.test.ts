import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { ThreadPool, type ThreadPoolParts, usesThreadPool } from '../../src/agent/thread-pool.ts';
import { monotonicNow } from '../../src/shared/clock.ts';

/** A pool of which the test decides when it is done with a job. */
class HeldPool {
  now = 5000;
  readonly waits: number[] = [];
  readonly failures: unknown[] = [];
  submitted: (() => void)[] = [];
  submissions = 0;
  used = true;
  exiting = false;
  readonly pool: ThreadPool;

  constructor(parts: Partial<ThreadPoolParts> = {}) {
    this.pool = new ThreadPool({
      now: () => this.now,
      waited: (ms) => this.waits.push(ms),
      used: () => this.used,
      exiting: () => this.exiting,
      failed: (error) => this.failures.push(error),
      sizeText: '6',
      submit: (done) => {
        this.submissions += 1;
        this.submitted.push(done);
      },
      ...parts,
    });
  }

  /** Looks every 50 ms. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 50) {
      this.now += 50;
      this.pool.looked(this.now);
    }
  }

  finish(): void {
    this.submitted.shift()?.();
  }
}

test('about once a second a job is put on the pool, and its wait is told', () => {
  const held = new HeldPool();
  for (let times = 0; times < 10; times += 1) {
    held.pass(50);
    held.now += 2;
    held.finish();
    held.pass(950);
  }
  expect(held.submissions).toBe(10);
  expect(held.waits).toEqual(Array.from({ length: 10 }, () => 2));
});

test('one is in flight at most, however long it takes', () => {
  const held = new HeldPool();
  held.pass(20_000);
  expect(held.submissions).toBe(1);
  held.finish();
  expect(held.waits).toEqual([19_950]);
  held.pass(50);
  expect(held.submissions).toBe(2);
});

test('a job that still waits shows as saturation, and one that came back short does not', () => {
  const held = new HeldPool();
  expect(held.pool.saturated).toBeUndefined();
  held.pass(100);
  expect(held.pool.saturated).toBeUndefined();
  held.now += 50;
  expect(held.pool.saturated).toBe(true);
  held.finish();
  expect(held.pool.saturated).toBe(true);
  const idle = new HeldPool();
  idle.pass(50);
  idle.finish();
  expect(idle.pool.saturated).toBe(false);
});

test('the time for which the process was suspended is no wait', () => {
  const held = new HeldPool();
  held.pass(50);
  held.now += 10_003;
  held.pool.suspended(10_000);
  expect(held.pool.saturated).toBeUndefined();
  held.finish();
  expect(held.waits).toEqual([3]);
});

test('no job is put on the pool while the process exits', () => {
  const held = new HeldPool();
  held.exiting = true;
  held.pass(5000);
  expect(held.submissions).toBe(0);
});

test('a job that is refused is the last, and is counted', () => {
  const held = new HeldPool({
    submit: () => {
      throw new Error('not allowed');
    },
  });
  held.pass(5000);
  expect(held.failures).toHaveLength(1);
  expect(held.pool.saturated).toBeUndefined();
});

test('a thread that was seen with a file or name request uses the pool', () => {
  const seen = (resources: Record<string, number> | undefined) => ({ readings: { resources } as never });
  expect(usesThreadPool([])).toBe(false);
  expect(usesThreadPool([seen(undefined), seen({ Timeout: 3 })])).toBe(false);
  expect(usesThreadPool([seen({ Timeout: 3 }), seen({ GetAddrInfoReqWrap: 1 })])).toBe(true);
});

describe('on the pool of this process', () => {
  test('a job comes back, and waits for what is before it', async () => {
    const waits: number[] = [];
    const newPool = (): ThreadPool =>
      new ThreadPool({
        now: monotonicNow,
        waited: (ms) => waits.push(ms),
        used: () => true,
        exiting: () => false,
        failed: (error) => expect.fail(String(error)),
        sizeText: process.env['UV_THREADPOOL_SIZE'],
      });
    const derive = promisify(pbkdf2);
    const start = performance.now();
    const jobs = Array.from({ length: 16 }, () => derive('password', 'salt', 20_000, 64, 'sha512'));
    const first = Promise.race(jobs).then(() => performance.now() - start);
    const full = newPool();
    full.looked(monotonicNow());
    await Promise.all(jobs);
    await vi.waitFor(() => expect(waits).toHaveLength(1));
    // Sixteen jobs on four threads: three in turn are before it on each.
    expect(waits[0]).toBeGreaterThan(await first);
    if (process.platform === 'linux') {
      expect(newPool().size).toBeGreaterThan(0);
    }
  });
});
