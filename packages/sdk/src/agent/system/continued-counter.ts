// A counter that is read from one of several sources: when the source changes, it goes on from where it
// stands. Pure.

export class ContinuedCounter {
  #source: string | undefined;
  #offset = 0;
  #shown = 0;

  /** What the counter stands at, now that this source shows this value. Never falls. */
  show(source: string, value: number): number {
    const isFirst = this.#source === undefined;
    const isNew = source !== this.#source;
    if (!isFirst && (isNew || this.#offset + value < this.#shown)) {
      this.#offset = this.#shown - value;
    }
    this.#source = source;
    this.#shown = this.#offset + value;
    return this.#shown;
  }
}
