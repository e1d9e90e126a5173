// Two readers of the loop's utilization: the sampler, for what is exported, and the probe, which
// dates the start of a stall by the time that the loop has been active since the base.
import { builtin } from '../shared/builtin.ts';

export interface UtilizationReading {
  /** Milliseconds since the loop's start. */
  readonly active: number;
  /** Milliseconds since the loop's start. */
  readonly idle: number;
}

// Held since load: an application may replace what hangs on `performance`.
const { performance } = builtin('node:perf_hooks');
const eventLoopUtilization = performance?.eventLoopUtilization.bind(performance);

export class Utilization {
  #base: UtilizationReading = { active: 0, idle: 0 };

  /** Reads, and makes the reading the base from which the next stall is dated. */
  rebase(): UtilizationReading {
    this.#base = eventLoopUtilization();
    return this.#base;
  }

  /** Milliseconds that the loop has been active since the base. 0 before its first turn. */
  activeSinceBase(): number {
    return eventLoopUtilization().active - this.#base.active;
  }
}
