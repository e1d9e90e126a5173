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
  let last = sharedNow();
  const record = () => {
    const now = sharedNow();
    if (now - last >= leastGapMs) {
      gaps.push({ start: last, end: now });
    }
    last = now;
  };
  // Other timers may go off in the turn that was held up, and in it input may still have to be seen to: the
  // clock ticks with its timer, and again after all that is left of that turn.
  const timer = setInterval(() => {
    record();
    setImmediate(record);
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
  const from = last;
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
