// Failures of our own code on this thread: contained where they happen, counted here, and sent with
// the next sample to become `loopscope.agent.failures`.

export class Failures {
  #counts: Record<string, number> | undefined;

  count(part: string, times: number = 1): void {
    this.#counts ??= Object.create(null) as Record<string, number>;
    this.#counts[part] = (this.#counts[part] ?? 0) + times;
  }

  /** Counts since the last call. */
  take(): Record<string, number> | undefined {
    const counts = this.#counts;
    this.#counts = undefined;
    return counts;
  }
}
