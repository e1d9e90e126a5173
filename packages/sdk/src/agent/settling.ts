// Stalls that are over and wait for the rest of their evidence. The thread tells its collections, and
// that its queues have turned, in the turn of the loop after the stall: once the loop has ticked again,
// it has told all.
import type { Monotonic } from '../shared/clock.ts';

/** A loop that is blocked again at once can't tick: nobody waits longer than this. */
const longestMs = 250;
/** For what is asked for: it comes a turn of the loop later than what is told. */
const longestAskedMs = 1000;

interface Waiting<Stall> {
  readonly stall: Stall;
  readonly since: Monotonic;
  /** All has come that is told unasked. */
  told: boolean;
}

export class Settling<Stall> {
  readonly #settled: (stall: Stall) => void;
  readonly #asked: (stall: Stall) => boolean;
  #waiting: Waiting<Stall>[] = [];

  /** `asked`: whether something that the thread was asked for is still to come. */
  constructor(settled: (stall: Stall) => void, asked: (stall: Stall) => boolean = () => false) {
    this.#settled = settled;
    this.#asked = asked;
  }

  add(stall: Stall, since: Monotonic): void {
    this.#waiting.push({ stall, since, told: false });
  }

  /** To be told of each look, before that look's stall is added. */
  looked(now: Monotonic, ticked: boolean): void {
    for (const waiting of this.#waiting) {
      waiting.told ||= ticked || now - waiting.since >= longestMs;
    }
    while (this.#waiting[0] !== undefined && this.#isSettled(this.#waiting[0], now)) {
      this.#settled(this.#waiting[0].stall);
      this.#waiting.shift();
    }
  }

  #isSettled({ stall, since, told }: Waiting<Stall>, now: Monotonic): boolean {
    return told && (now - since >= longestAskedMs || !this.#asked(stall));
  }

  /** Nothing more will be told. */
  settle(): void {
    this.looked(Number.POSITIVE_INFINITY, true);
  }
}
