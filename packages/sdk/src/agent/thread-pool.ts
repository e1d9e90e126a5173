// libuv's thread pool, as a job meets it. About once a second the agent puts one job on it, the cheapest
// there is, and measures how long it takes to come back.
//
// From the agent thread, so that a block of the application's is not taken for a wait of the pool. One in
// flight at most, so that a full pool gets no longer by it. Never the first: libuv starts its threads with
// the first job, and a process that does without them shall go on to. `access` is no operation that
// libuv hands to io_uring, and without a mode to check it asks no file server even where the root is
// one's. At exit a queued job is cancelled and a running one takes microseconds: neither holds it up.
import { access } from 'node:fs';
import type { Monotonic } from '../shared/clock.ts';
import { PoolSaturation } from './thread-pool-saturation.ts';
import { PoolThreads, parsePoolSize } from './thread-pool-size.ts';
import type { WatchedThread } from './watched-thread.ts';

const intervalMs = 1000;

/** Jobs of the pool among the types of `process.getActiveResourcesInfo()`. */
export const poolRequests = [
  'FSReqCallback',
  'FSReqPromise',
  'GetAddrInfoReqWrap',
  'GetNameInfoReqWrap',
] as const;

/** Whether one of these threads was seen with a job of the pool. */
export function usesThreadPool(threads: Iterable<Pick<WatchedThread, 'readings'>>): boolean {
  return [...threads].some(({ readings }) => poolRequests.some((type) => readings.resources?.[type]));
}

export interface ThreadPoolParts {
  readonly now: () => Monotonic;
  /** A probe came back after so long. */
  readonly waited: (ms: number) => void;
  /** Whether an application thread was seen with a job of the pool. */
  readonly used: () => boolean;
  /** Whether the process is exiting: no new job then. */
  readonly exiting: () => boolean;
  readonly failed: (error: unknown) => void;
  /** `UV_THREADPOOL_SIZE` as the process was started with it. */
  readonly sizeText: string | undefined;
  /** Puts a job on the pool. For tests. */
  readonly submit?: (done: () => void) => void;
}

export class ThreadPool {
  readonly #parts: ThreadPoolParts;
  readonly #threads = new PoolThreads();
  readonly #saturation = new PoolSaturation();
  #started = false;
  #dueAt: Monotonic = 0;
  /** When the probe in flight was put on the pool. */
  #since: Monotonic | undefined;
  /** A probe has come back. */
  #probed = false;
  #off = !mayProbe();

  constructor(parts: ThreadPoolParts) {
    this.#parts = parts;
  }

  /** The pool's threads where they can be counted, else by its variable. */
  get size(): number {
    return this.#threads.count ?? parsePoolSize(this.#parts.sizeText);
  }

  /** Undefined while nothing is known: the pool has not started, or no probe is allowed. */
  get saturated(): boolean | undefined {
    if (this.#since !== undefined) {
      this.#saturation.waiting(this.#parts.now() - this.#since);
    }
    return this.#probed || this.#saturation.saturated ? this.#saturation.saturated : undefined;
  }

  /** To be told of each look at the threads. */
  looked(now: Monotonic): void {
    if (this.#since !== undefined) {
      this.#saturation.waiting(now - this.#since);
      return;
    }
    if (this.#off || now < this.#dueAt || this.#parts.exiting()) {
      return;
    }
    this.#dueAt = now + intervalMs;
    if (!this.#started) {
      this.#threads.look();
      this.#started = this.#threads.count !== undefined || this.#parts.used();
    }
    if (this.#started) {
      this.#probe();
    }
  }

  /** The process stood still for so long: that is no wait for the pool. */
  suspended(gapMs: number): void {
    if (this.#since !== undefined) {
      this.#since += gapMs;
    }
  }

  #probe(): void {
    const { now, waited, failed, submit = putOnPool } = this.#parts;
    this.#since = now();
    try {
      submit(() => {
        const ms = Math.max(0, now() - (this.#since ?? 0));
        this.#since = undefined;
        this.#probed = true;
        this.#saturation.waited(ms);
        waited(ms);
      });
    } catch (error) {
      this.#since = undefined;
      this.#off = true;
      failed(error);
    }
  }
}

/** What the file system answers does not matter, only when. */
function putOnPool(done: () => void): void {
  access('/', () => done());
}

function mayProbe(): boolean {
  return process.permission?.has('fs.read', '/') ?? true;
}
