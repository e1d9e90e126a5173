// When an async id was the latest: noted now and then, so that a task's age is known from its id alone
// and the hook need not read a clock.

/** Then every second one of the older half is forgotten. */
const mostPairs = 2048;

export class Moments {
  #pairs: number[] = [];

  note(id: number, at: number): void {
    const pairs = this.#pairs;
    if (pairs.length > 0 && id <= (pairs[pairs.length - 2] as number)) {
      return;
    }
    pairs.push(id, at);
    if (pairs.length > mostPairs * 2) {
      const older = pairs.slice(0, mostPairs);
      const thinned = older.filter((_, index) => index % 4 < 2);
      this.#pairs = [...thinned, ...pairs.slice(mostPairs)];
    }
  }

  /** Pairs of id and moment, both rising. */
  pairs(): Float64Array {
    return Float64Array.from(this.#pairs);
  }
}
