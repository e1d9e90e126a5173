// When the agent looks. Coarse while every loop ticks, fine while one is quiet; and each time it wakes
// late, it first asks itself why: a suspension of the process must not pass for a stall.
import type { Monotonic } from '../shared/clock.ts';
import { type Activity, classifyLateness } from './suspension.ts';

const activityAgeMs = 200;

export interface PollLoopParts {
  readonly now: () => Monotonic;
  /** What agent and main thread have done so far, cumulative. */
  readonly activity: () => Activity | undefined;
  /** Looks at every thread; returns how long to sleep, in milliseconds. */
  readonly look: (now: Monotonic) => number;
  /** The process stood still for so long. */
  readonly suspended: (gapMs: number) => void;
  readonly failed: (error: unknown) => void;
}

export class PollLoop {
  readonly #parts: PollLoopParts;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  // Never late before the first sleep.
  #dueAt: Monotonic = Number.POSITIVE_INFINITY;
  #activityAt: Monotonic = Number.NEGATIVE_INFINITY;
  #activityBefore: Activity | undefined;

  constructor(parts: PollLoopParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#sleep(0);
  }

  /** Looks at once: a thread has joined. */
  wake(): void {
    clearTimeout(this.#timer);
    this.#turn();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #sleep(ms: number): void {
    if (this.#stopped) {
      return;
    }
    const now = this.#parts.now();
    this.#dueAt = now + ms;
    // Reading it takes two system calls, a share of what an idle process pays: it may be a little old.
    if (now - this.#activityAt >= activityAgeMs) {
      this.#activityAt = now;
      this.#activityBefore = this.#parts.activity();
    }
    this.#timer = setTimeout(() => this.#turn(), ms);
  }

  #turn(): void {
    let nextMs = 50;
    try {
      const now = this.#parts.now();
      this.#judgeLateness(now - this.#dueAt);
      nextMs = this.#parts.look(now);
    } catch (error) {
      this.#parts.failed(error);
    }
    this.#sleep(nextMs);
  }

  #judgeLateness(lateMs: number): void {
    const before = this.#activityBefore;
    const activity = (): Activity | undefined => {
      // A late wake is mostly not the only one: the next is judged from here.
      this.#activityAt = Number.NEGATIVE_INFINITY;
      return before && difference(before, this.#parts.activity());
    };
    if (classifyLateness(lateMs, activity) === 'suspended') {
      this.#parts.suspended(lateMs);
    }
  }
}

function difference(before: Activity, after: Activity | undefined): Activity | undefined {
  return (
    after && {
      agentRunMs: after.agentRunMs - before.agentRunMs,
      agentWaitMs: after.agentWaitMs - before.agentWaitMs,
      mainBusyMs: after.mainBusyMs - before.mainBusyMs,
    }
  );
}
