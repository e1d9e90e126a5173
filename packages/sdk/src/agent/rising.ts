// Counters that are shown while they are still being made out: what was shown once is never taken
// back, even where better evidence finds a little less.

export class Rising {
  readonly #shown = new Map<string, number>();

  /** The value, or what was shown under this key before if that is more. */
  show(key: string, value: number): number {
    const shown = Math.max(this.#shown.get(key) ?? value, value);
    this.#shown.set(key, shown);
    return shown;
  }
}
