// Whether one count grows as a leak does: the lowest value of each window rises, window after window,
// across garbage collections. The lowest, because what comes and goes with the load, or waits for a
// collection, is gone at some moment of a window; a leak never is.
import type { Monotonic } from '../../shared/clock.ts';

/** Rises of the lowest value in a row. */
const leastRises = 6;
const leastGrowth = 100;
/** Growth of less than this share of the whole is a fluctuation. */
const leastShare = 0.1;
/** Major ones, between the first window and the last. */
const leastCollections = 2;
/** A service fills its pools and caches at first. */
const warmUpWindows = 5;
/** The later half of the growth is at least this share of the earlier: what flattens is a pool that fills. */
const leastLaterShare = 0.8;
/** Of the growth, as it is explained by that of the load: more is not a leak's. */
const mostLoadShare = 0.5;
const mostKept = 60;

/** Readings of one moment; the last two are cumulative. */
export interface LeakReading {
  readonly at: Monotonic;
  readonly value: number;
  /** Major garbage collections. */
  readonly collections: number;
  /** Async operations: the measure of the load. 0 where it is not known. */
  readonly operations: number;
}

/** What a suspicion rests on. */
export interface LeakEvidence {
  /** The lowest value of the first window and of the last. */
  readonly from: number;
  readonly to: number;
  /** Windows in a row of which each had a higher lowest value than the one before. */
  readonly rises: number;
  readonly windowSeconds: number;
  /** Major garbage collections meanwhile. */
  readonly collections: number;
  readonly perMinute: number;
}

interface Window {
  readonly lowest: number;
  /** Cumulative, at its end. */
  readonly collections: number;
  /** Within it. */
  readonly operations: number;
}

export class LeakSeries {
  readonly #windowMs: number;
  readonly #windows: Window[] = [];
  #skipped = 0;
  #open: { readonly first: LeakReading; lowest: number } | undefined;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** True when a window has closed. */
  add(reading: LeakReading): boolean {
    if (this.#open === undefined) {
      this.#open = { first: reading, lowest: reading.value };
      return false;
    }
    const { first } = this.#open;
    if (reading.at - first.at < this.#windowMs) {
      this.#open.lowest = Math.min(this.#open.lowest, reading.value);
      return false;
    }
    if (this.#skipped < warmUpWindows) {
      this.#skipped += 1;
    } else {
      this.#windows.push({
        lowest: this.#open.lowest,
        collections: first.collections,
        operations: reading.operations - first.operations,
      });
      this.#windows.splice(0, this.#windows.length - mostKept);
    }
    this.#open = { first: reading, lowest: reading.value };
    return true;
  }

  /** The lowest value of the last whole window. */
  get lowest(): number | undefined {
    return this.#windows.at(-1)?.lowest;
  }

  /** Why it is to be suspected now; undefined where it is not. */
  suspicion(): LeakEvidence | undefined {
    const start = this.#startOfRise();
    const run = this.#windows.slice(start);
    const [first] = run;
    const last = run.at(-1);
    const rises = run.length - 1;
    if (first === undefined || last === undefined || rises < leastRises) {
      return undefined;
    }
    const growth = last.lowest - first.lowest;
    const collections = last.collections - first.collections;
    if (growth < leastGrowth || growth < leastShare * last.lowest || collections < leastCollections) {
      return undefined;
    }
    // A leak goes on to where it never was before; what climbs again and again does not.
    if (this.#windows.slice(0, start).some(({ lowest }) => lowest > last.lowest - growth / 2)) {
      return undefined;
    }
    const middle = run[Math.floor(rises / 2)] ?? first;
    const earlier = middle.lowest - first.lowest;
    // An odd number of rises gives the later half one more.
    const later = ((last.lowest - middle.lowest) * Math.floor(rises / 2)) / Math.ceil(rises / 2);
    if (later < leastLaterShare * earlier || followsLoad(first, last)) {
      return undefined;
    }
    return {
      from: first.lowest,
      to: last.lowest,
      rises,
      windowSeconds: this.#windowMs / 1000,
      collections,
      perMinute: Math.round((growth * 600_000) / (rises * this.#windowMs)) / 10,
    };
  }

  /** Of the windows up to the last of which each rose over the one before, the first. */
  #startOfRise(): number {
    let start = this.#windows.length - 1;
    while (start > 0 && (this.#windows[start - 1]?.lowest ?? 0) < (this.#windows[start]?.lowest ?? 0)) {
      start -= 1;
    }
    return Math.max(0, start);
  }
}

function followsLoad(first: Window, last: Window): boolean {
  if (first.operations <= 0 || first.lowest <= 0) {
    return false;
  }
  const growth = last.lowest / first.lowest - 1;
  return last.operations / first.operations - 1 >= mostLoadShare * growth;
}
