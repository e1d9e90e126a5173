// A limit on ourselves: where our own time on the thread is above its share, what can be missed most easily is
// switched off, a feature at a time, until it is not. What is off stays off until the process starts again: a
// process that needed it once would need it again, and features that come and go are worse than none.
import type { Monotonic } from '../shared/clock.ts';
import type { LimitedFeature } from '../shared/own-time.ts';

/** Over which the share is taken: start-up and one long census are in no whole window alone. */
const windowMs = 10_000;
/** After a feature went off, so that what this changed is seen before the next goes. */
const coolDownMs = 20_000;

export interface BudgetStep {
  readonly feature: LimitedFeature;
  readonly inUse: () => boolean;
  readonly switchOff: () => void;
}

export interface BudgetParts {
  /** Of the thread's time, 0 to 1. */
  readonly share: number;
  /** In the order in which they go. */
  readonly steps: readonly BudgetStep[];
  /** Told of each step, with the share that we took. */
  readonly limited: (feature: LimitedFeature | undefined, share: number) => void;
}

interface Point {
  readonly at: Monotonic;
  readonly spentMs: number;
}

export class Budget {
  readonly #parts: BudgetParts;
  readonly #off: LimitedFeature[] = [];
  #points: Point[] = [];
  #coolUntil: Monotonic | undefined;
  #exhausted = false;

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  /** What is off, in the order in which it went. */
  get off(): readonly LimitedFeature[] {
    return this.#off;
  }

  /** To be called about once a second, with our own time since the thread's start. */
  sampled(at: Monotonic, spentMs: number): void {
    this.#points.push({ at, spentMs });
    while ((this.#points[1]?.at ?? at) <= at - windowMs) {
      this.#points.shift();
    }
    const [first] = this.#points;
    if (first === undefined || at - first.at < windowMs || at < (this.#coolUntil ?? at)) {
      return;
    }
    const share = (spentMs - first.spentMs) / (at - first.at);
    if (share > this.#parts.share) {
      this.#step(at, share);
    }
  }

  #step(at: Monotonic, share: number): void {
    const next = this.#parts.steps.find(({ feature, inUse }) => !this.#off.includes(feature) && inUse());
    if (next === undefined) {
      if (!this.#exhausted) {
        this.#exhausted = true;
        this.#parts.limited(undefined, share);
      }
      return;
    }
    next.switchOff();
    this.#off.push(next.feature);
    this.#points = [];
    this.#coolUntil = at + coolDownMs;
    this.#parts.limited(next.feature, share);
  }
}
