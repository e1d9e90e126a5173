// What one thread's samples add up to. While its loop is blocked no sample comes: the time since
// then is added as active, so that what is exported tells of the block while it lasts.
import type { Monotonic } from '../shared/clock.ts';
import type { SampleMessage } from '../shared/messages.ts';

/** The window that all gauges share, in milliseconds. */
export const windowMs = 15_000;

export interface LoopTime {
  /** Milliseconds, cumulative, never falling. */
  readonly activeMs: number;
  /** Milliseconds, cumulative, never falling. */
  readonly idleMs: number;
  /** Over the window, 0 to 1; undefined before the first sample. */
  readonly utilization: number | undefined;
  /** Where the window begins. */
  readonly windowStart: Monotonic;
  /** Milliseconds in the window in which the loop was active. */
  readonly windowActiveMs: number;
  /** Milliseconds in the window, active and idle. */
  readonly windowElapsedMs: number;
}

type Point = Pick<SampleMessage, 'at' | 'active' | 'idle'>;

export class ThreadReadings {
  #latest: SampleMessage | undefined;
  #resources: SampleMessage['resources'];
  /** Oldest first; the first is the newest one that is older than the window. */
  #points: Point[];
  #shown = { activeMs: 0, idleMs: 0 };

  readonly #inspectorOpenAtStart: boolean;

  constructor(since: Monotonic, inspectorOpenAtStart: boolean = false) {
    this.#inspectorOpenAtStart = inspectorOpenAtStart;
    this.#points = [{ at: since, active: 0, idle: 0 }];
  }

  /** The last sample, whole. */
  get latest(): SampleMessage | undefined {
    return this.#latest;
  }

  /** The last counts of active resources: not every sample has them. */
  get resources(): SampleMessage['resources'] {
    return this.#resources;
  }

  get inspectorOpen(): boolean {
    return this.#latest?.inspectorOpen ?? this.#inspectorOpenAtStart;
  }

  get sourceMaps(): boolean | undefined {
    return this.#latest?.sourceMaps;
  }

  add(sample: SampleMessage): void {
    if (this.#latest === undefined && sample.at - (this.#points[0]?.at ?? sample.at) > windowMs) {
      // Of a thread that ran long before this agent: a reading since its start is none of the window.
      this.#points = [];
    }
    this.#latest = sample;
    this.#resources = sample.resources ?? this.#resources;
    this.#points.push(sample);
    while ((this.#points[1]?.at ?? sample.at) <= sample.at - windowMs) {
      this.#points.shift();
    }
  }

  /** `blockedSince`: the start of the stall in progress, if there is one. */
  loopTime(now: Monotonic, blockedSince: Monotonic | undefined): LoopTime {
    const last = this.#points.at(-1) as Point;
    const extraMs = blockedSince === undefined ? 0 : Math.max(0, now - Math.max(blockedSince, last.at));
    // The next sample may find a little less than was shown meanwhile.
    this.#shown = {
      activeMs: Math.max(this.#shown.activeMs, last.active + extraMs),
      idleMs: Math.max(this.#shown.idleMs, last.idle),
    };
    const end = last.at + extraMs;
    const base = this.#points.findLast(({ at }) => at <= end - windowMs) ?? this.#points[0] ?? last;
    const activeMs = last.active + extraMs - base.active;
    const elapsedMs = activeMs + last.idle - base.idle;
    const utilization =
      this.#latest === undefined || elapsedMs <= 0
        ? undefined
        : Math.min(1, Math.max(0, activeMs / elapsedMs));
    return {
      ...this.#shown,
      utilization,
      windowStart: base.at,
      windowActiveMs: activeMs,
      windowElapsedMs: elapsedMs,
    };
  }
}
