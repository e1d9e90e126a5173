// Counts by one label: never falling, kept for the process's life.

export class Tally {
  readonly #counts = new Map<string, number>();

  add(label: string, times = 1): void {
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + times);
  }

  /** Label and count, in the order of their first appearance. */
  entries(): Iterable<readonly [string, number]> {
    return this.#counts.entries();
  }
}
