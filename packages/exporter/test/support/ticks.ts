/**
 * Waits until an interval of this length has come due so many times. Timers of one length come due in
 * one list, in their order: so an older interval of the same length has come due at least as often.
 */
export function ticks(count: number, intervalMs: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const timer = setInterval(() => {
      left -= 1;
      if (left === 0) {
        clearInterval(timer);
        resolve();
      }
    }, intervalMs);
  });
}
