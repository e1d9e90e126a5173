// One count under suspicion or not: a series at each of three scales, so that a leak of a hundred in
// five minutes is met in five minutes, and one of a hundred in a day within it.
import { type LeakEvidence, type LeakReading, LeakSeries } from './leak-series.ts';

/** Windows, in multiples of the shortest: at a minute, an hour. */
const scales = [1, 10, 60];
/** Windows without a rise after which a suspicion is given up. */
const quietWindows = 10;

export class LeakSuspect {
  readonly #windowMs: number;
  readonly #series: readonly LeakSeries[];
  #evidence: LeakEvidence | undefined;
  #provenAt = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
    this.#series = scales.map((scale) => new LeakSeries(windowMs * scale));
  }

  /** Of the present suspicion; undefined while there is none. */
  get evidence(): LeakEvidence | undefined {
    return this.#evidence;
  }

  add(reading: LeakReading): void {
    for (const series of this.#series) {
      if (series.add(reading)) {
        const found = series.suspicion();
        if (found !== undefined) {
          this.#evidence = found;
          this.#provenAt = reading.at;
        }
      }
    }
    if (this.#evidence !== undefined && this.#isOver(reading.at)) {
      this.#evidence = undefined;
    }
  }

  #isOver(now: number): boolean {
    const { from = 0, to = 0, windowSeconds = 0 } = this.#evidence ?? {};
    const lowest = this.#series[0]?.lowest ?? to;
    const quietMs = Math.max(this.#windowMs, windowSeconds * 1000) * quietWindows;
    return lowest < from + (to - from) / 2 || now - this.#provenAt >= quietMs;
  }
}
