// One clock for every thread of the process. `process.hrtime` counts from the same origin in all of
// them, unlike `performance.now()`, whose origin is each thread's own start. Durations come from
// this clock only; the wall clock is read when a time is shown, so that a step of it moves what is
// shown and never a duration.

/** Milliseconds of the process-wide monotonic clock. */
export type Monotonic = number;

// Held since load: an application's fake timers may replace these.
const toNumber = Number;
const hrtime = process.hrtime.bigint;
const dateNow = Date.now;

/** The present moment on the clock that all threads share. */
export function monotonicNow(): Monotonic {
  return toNumber(hrtime()) / 1e6;
}

/** What the wall clock showed, by its present setting, at a monotonic moment: Unix milliseconds. */
export function wallTimeAt(moment: Monotonic): number {
  return dateNow() - (monotonicNow() - moment);
}
