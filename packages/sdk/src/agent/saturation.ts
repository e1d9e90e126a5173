// Saturated: utilization of 0.95 or more for 30 s, until it falls under 0.85. Pure; told the time.
import type { Monotonic } from '../shared/clock.ts';

const enterAt = 0.95;
const enterAfterMs = 30_000;
const leaveAt = 0.85;

export class Saturation {
  #highSince: Monotonic | undefined;
  #saturated = false;

  get saturated(): boolean {
    return this.#saturated;
  }

  update(now: Monotonic, utilization: number | undefined): void {
    if (utilization === undefined) {
      return;
    }
    if (this.#saturated) {
      this.#saturated = utilization >= leaveAt;
    }
    if (utilization < enterAt) {
      this.#highSince = undefined;
      return;
    }
    this.#highSince ??= now;
    this.#saturated ||= now - this.#highSince >= enterAfterMs;
  }
}
