// The share of time that a thread spent in garbage collection. Entries come after the fact, in batches,
// and may overlap or lie within each other: each moment counts once. Pure; told the time.
import type { Monotonic } from '../shared/clock.ts';
import type { GcEntry } from '../shared/messages.ts';

/** The window that all gauges share. */
const windowMs = 15_000;
/** A collection a millisecond, and a third more. */
const mostSpans = 20_000;

interface Span {
  start: Monotonic;
  end: Monotonic;
}

export class GarbageTime {
  readonly #since: Monotonic;
  /** By start, disjoint. */
  #spans: Span[] = [];

  /** `since`: when the thread began to be watched. */
  constructor(since: Monotonic) {
    this.#since = since;
  }

  add({ at, durationMs }: Pick<GcEntry, 'at' | 'durationMs'>): void {
    const added: Span = { start: at, end: at + durationMs };
    // Mostly the newest of all: what it touches is at the end.
    let place = this.#spans.length;
    while (place > 0 && (this.#spans[place - 1] as Span).start > added.start) {
      place -= 1;
    }
    if (place > 0 && (this.#spans[place - 1] as Span).end >= added.start) {
      place -= 1;
    }
    let after = place;
    for (; after < this.#spans.length; after += 1) {
      const { start, end } = this.#spans[after] as Span;
      if (start > added.end) {
        break;
      }
      added.start = Math.min(added.start, start);
      added.end = Math.max(added.end, end);
    }
    this.#spans.splice(place, after - place, added);
    this.#forget();
  }

  #forget(): void {
    const oldest = (this.#spans.at(-1)?.end ?? 0) - 2 * windowMs;
    // In batches: taking one from the front moves all others.
    const kept = this.#spans.findIndex(({ end }) => end >= oldest);
    if (kept > 1000 || this.#spans.length > mostSpans) {
      this.#spans.splice(0, Math.max(kept, this.#spans.length - mostSpans));
    }
  }

  /** Over the window before `end`, 0 to 1; undefined before the thread was watched. */
  utilization(end: Monotonic): number | undefined {
    const start = Math.max(this.#since, end - windowMs);
    if (end <= start) {
      return undefined;
    }
    let spentMs = 0;
    for (let index = this.#spans.length - 1; index >= 0; index -= 1) {
      const span = this.#spans[index] as Span;
      if (span.end <= start) {
        break;
      }
      spentMs += Math.max(0, Math.min(span.end, end) - Math.max(span.start, start));
    }
    return Math.min(1, spentMs / (end - start));
  }
}
