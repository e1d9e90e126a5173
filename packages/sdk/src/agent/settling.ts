// Stalls that are over and wait for the rest of their evidence. The thread tells its collections, and
// that its queues have turned, in the turn of the loop after the stall: once the loop has ticked again,
// it has told all.
import type { Monotonic } from '../shared/clock.ts';

/** A loop that is blocked again at once can't tick: nobody waits longer than this. */
const longestMs = 250;

export class Settling<Stall> {
  readonly #settled: (stall: Stall) => void;
  #waiting: { readonly stall: Stall; readonly since: Monotonic }[] = [];

  constructor(settled: (stall: Stall) => void) {
    this.#settled = settled;
  }

  add(stall: Stall, since: Monotonic): void {
    this.#waiting.push({ stall, since });
  }

  /** To be told of each look, before that look's stall is added. */
  looked(now: Monotonic, ticked: boolean): void {
    while (this.#waiting[0] !== undefined && (ticked || now - this.#waiting[0].since >= longestMs)) {
      this.#settled(this.#waiting[0].stall);
      this.#waiting.shift();
    }
  }

  /** Nothing more will be told. */
  settle(): void {
    this.looked(Number.POSITIVE_INFINITY, true);
  }
}
