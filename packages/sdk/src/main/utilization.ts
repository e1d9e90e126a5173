// Two readers of the loop's utilization: the sampler, for what is exported, and the probe, which
// dates the start of a stall by the time that the loop has been active since the base.
//
// A loop that is called idle still does a little: timers, requests for health. What it did so between the
// base and the stall would date the stall too early, by 5 ms on a loop that is 0.5 % busy. So the idle time
// since the base tells for how long there was no stall, and the usual share of activity is taken off.
import { builtin } from '../shared/builtin.ts';

export interface UtilizationReading {
  /** Milliseconds since the loop's start. */
  readonly active: number;
  /** Milliseconds since the loop's start. */
  readonly idle: number;
}

/** Of the latest intervals between bases, the calmest tells what is usual: the others may hold blocks. */
const intervalsKept = 4;
/** In less idle time there is too little to go by, in milliseconds. */
const leastIdleMs = 200;
/** Activity for each unit of idle time above which a loop is too busy for its activity to be even. */
const mostActivity = 0.03;

// Held since load: an application may replace what hangs on `performance`.
const { performance } = builtin('node:perf_hooks');
const eventLoopUtilization = performance?.eventLoopUtilization.bind(performance);

export class Utilization {
  readonly #read: () => UtilizationReading;
  #base: UtilizationReading = { active: 0, idle: 0 };
  /** Activity for each unit of idle time, in the latest intervals; a ring. */
  readonly #activities: number[] = [];
  #intervals = 0;

  constructor(read: () => UtilizationReading = eventLoopUtilization) {
    this.#read = read;
  }

  /** Reads, and makes the reading the base from which the next stall is dated. */
  rebase(): UtilizationReading {
    const reading = this.#read();
    const idle = reading.idle - this.#base.idle;
    if (idle >= leastIdleMs) {
      this.#activities[this.#intervals % intervalsKept] = (reading.active - this.#base.active) / idle;
      this.#intervals += 1;
    }
    this.#base = reading;
    return reading;
  }

  /**
   * Milliseconds that the loop has been active since the base, less what it usually is in so much idle
   * time: for how long it has been blocked by now. 0 before its first turn.
   */
  activeSinceBase(): number {
    const { active, idle } = this.#read();
    const activity = this.#usualActivity();
    const usual = activity <= mostActivity ? (idle - this.#base.idle) * activity : 0;
    return active - this.#base.active - usual;
  }

  // A plain loop: the application may have replaced what others would call.
  #usualActivity(): number {
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.#activities.length; index += 1) {
      const activity = this.#activities[index] as number;
      if (activity < least) {
        least = activity;
      }
    }
    return least;
  }
}
