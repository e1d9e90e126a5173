// The increase per second of one counter over a window. A window of an hour is not kept second by second:
// a sixtieth of it is fine enough.

const steps = 60;

interface Point {
  readonly at: number;
  readonly value: number;
}

export class RateWindow {
  readonly #windowMs: number;
  /** Oldest first; the first is the newest one that is a whole window old. */
  #points: Point[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** The increase per second; undefined until the counter has been seen for a whole window. */
  add(now: number, value: number): number | undefined {
    const last = this.#points.at(-1);
    if (last !== undefined && value < last.value) {
      this.#points = [];
    }
    if (last === undefined || now - last.at >= this.#windowMs / steps || this.#points.length === 0) {
      this.#points.push({ at: now, value });
    }
    while ((this.#points[1]?.at ?? now) <= now - this.#windowMs) {
      this.#points.shift();
    }
    const base = this.#points[0];
    return base === undefined || now - base.at < this.#windowMs
      ? undefined
      : ((value - base.value) * 1000) / (now - base.at);
  }
}
