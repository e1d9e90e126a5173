// What a loop says of itself, apart from any tool: a clock of its own, and its garbage collections.
import { readFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

const everyMs = 5;
/** A gap that is shorter is nobody's business here. */
const leastGapMs = 15;

/** Milliseconds on the clock that all processes of the machine share. */
export const sharedNow = () => Number(process.hrtime.bigint()) / 1e6;

/** Records from now on, until it is taken. */
export function startRecord() {
  const gaps = [];
  const collections = [];
  const from = sharedNow();
  const startClock = () => {
    let last = from;
    return () => {
      const now = sharedNow();
      if (now - last >= leastGapMs) {
        gaps.push({ start: last, end: now });
      }
      last = now;
    };
  };
  // A turn of the loop has two ends: where its timers go off, which may be right after a block, and where all
  // is done that had come meanwhile. What stops between two of either is a stop.
  const tickOfTimers = startClock();
  const tickOfTurn = startClock();
  const timer = setInterval(() => {
    tickOfTimers();
    setImmediate(tickOfTurn);
  }, everyMs);
  const toShared = sharedNow() - performance.now();
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (duration >= 1) {
        collections.push({ start: startTime + toShared, end: startTime + toShared + duration });
      }
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    clearInterval(timer);
    observer.disconnect();
    return { from, to: sharedNow(), gaps, collections };
  };
}

/** Milliseconds for which the calling thread has waited for a processor so far, where the system tells. */
export function waitedForProcessor() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
