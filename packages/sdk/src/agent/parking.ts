// Whether a worker thread is parked: idle, but in `Atomics.wait` until there is work, as pools do. Its loop
// does not turn then, for minutes, and that is no stall. Main does not park.
//
// The system tells where a thread sleeps. V8 waits in a futex for `Atomics.wait`, and so do locks; but only in
// `Atomics.wait` does it answer a capture. So of each new place one capture is taken, and its stack says
// whether the thread is parked there (parked-stack.ts). A thread that sleeps there again needs none. Until
// the answer is there, or where there can't be one, it is not taken for a stall. A thread that sleeps in any
// other call, such as that of a synchronous child process, is never parked.
import type { Monotonic } from '../shared/clock.ts';

/** A thread that has slept for so long at one place is worth an interrupt. */
const settledMs = 20;
/** A place moves as V8 compiles the code anew: of a pool's idle loop five were seen. */
const mostPlaces = 16;
/** Captures that are taken for this within a span of time, each at the expense of the main thread. */
const mostAsked = 5;
const askedWithinMs = 30_000;

export type Rest =
  /** It computes, or sleeps in a call that blocks. */
  | 'none'
  /** It sleeps where it may be parked. */
  | 'unjudged'
  | 'parked';

export interface ParkingParts {
  /** Where the thread sleeps in a futex; undefined where it does not, or the system does not tell. */
  readonly place: () => string | undefined;
  /** Takes a capture, if it may. */
  readonly ask: (now: Monotonic) => boolean;
}

export class Parking {
  readonly #parts: ParkingParts;
  /** In which it was parked, oldest first. */
  readonly #known = new Set<string>();
  /** Of the present quiet: not those of a parked thread. */
  readonly #blocking = new Set<string>();
  #place: string | undefined;
  #since: Monotonic = Number.POSITIVE_INFINITY;
  #asked: Monotonic[] = [];

  constructor(parts: ParkingParts) {
    this.#parts = parts;
  }

  /** The first look in a row that found it where it sleeps. */
  get since(): Monotonic {
    return this.#since;
  }

  /** The process stood still for so long. */
  suspended(gapMs: number): void {
    this.#since += gapMs;
  }

  /** To be told of each look. `ticked`: the loop has turned. */
  looked(now: Monotonic, ticked: boolean): Rest {
    if (ticked) {
      this.#place = undefined;
      this.#blocking.clear();
      return 'none';
    }
    const place = this.#parts.place();
    if (place !== this.#place) {
      this.#place = place;
      this.#since = now;
    }
    if (place === undefined || this.#blocking.has(place)) {
      return 'none';
    }
    if (this.#known.has(place)) {
      this.#blocking.clear();
      return 'parked';
    }
    if (now - this.#since >= settledMs) {
      this.#ask(now);
    }
    return 'unjudged';
  }

  #ask(now: Monotonic): void {
    const recent = this.#asked.filter((at) => now - at < askedWithinMs);
    this.#asked = recent;
    if (recent.length < mostAsked && this.#parts.ask(now)) {
      this.#asked.push(now);
    }
  }

  /** A capture was answered. `idle`: by the stack of an idle thread. Whether it was parked there. */
  answered(idle: boolean): boolean {
    const place = this.#place;
    // It may have gone on since: then the stack was taken elsewhere.
    if (place === undefined || this.#parts.place() !== place) {
      return false;
    }
    if (!idle) {
      this.#blocking.add(place);
      return false;
    }
    this.#known.add(place);
    if (this.#known.size > mostPlaces) {
      this.#known.delete(this.#known.values().next().value as string);
    }
    return true;
  }
}
