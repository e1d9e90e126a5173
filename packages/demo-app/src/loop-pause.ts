// The service's own measure of how long its loop stood still while something asynchronous ran: the
// truth against which a report of a stall in a fault that does not block is judged.

const tickMs = 10;

/** What the work gave, and the longest time between two turns of the loop meanwhile. */
export interface ObservedPauses<Result> {
  readonly result: Result;
  readonly longestPauseMs: number;
}

/** Runs work and watches the loop until it settles. */
export async function observePauses<Result>(work: () => Promise<Result>): Promise<ObservedPauses<Result>> {
  let longestPauseMs = 0;
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    longestPauseMs = Math.max(longestPauseMs, now - last);
    last = now;
  };
  const timer = setInterval(tick, tickMs);
  try {
    const result = await work();
    tick();
    return { result, longestPauseMs };
  } finally {
    clearInterval(timer);
  }
}
