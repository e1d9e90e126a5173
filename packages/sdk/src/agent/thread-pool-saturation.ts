// Saturated: a job has to wait for a thread of the pool. Pure; told of each probe.
//
// One long wait is enough, and so are two in a row that are just too long for a busy machine's noise. It
// ends with two short ones in a row: a pool that is full most of the time has its lucky moments.

const longMs = 100;
const highMs = 10;
const lowMs = 5;
const inARow = 2;

export class PoolSaturation {
  #high = 0;
  #low = 0;
  #saturated = false;

  get saturated(): boolean {
    return this.#saturated;
  }

  /** A probe waited for so long. */
  waited(ms: number): void {
    this.#high = ms >= highMs ? this.#high + 1 : 0;
    this.#low = ms < lowMs ? this.#low + 1 : 0;
    if (ms >= longMs || this.#high >= inARow) {
      this.#saturated = true;
    } else if (this.#low >= inARow) {
      this.#saturated = false;
    }
  }

  /** A probe has been waiting for so long, and goes on. */
  waiting(ms: number): void {
    this.#saturated ||= ms >= longMs;
  }
}
