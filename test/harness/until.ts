// The only way in which a test waits: on a condition, with a cap that is far above what it takes.
import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  readonly capMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks `probe` until it gives something other than `undefined` or `false`, and returns that. What
 * it throws meanwhile counts as "not yet", and is shown when the cap is reached.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  { capMs = 10_000, everyMs = 10 }: UntilOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + capMs;
  let trouble: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) {
        return answer as Exclude<T, undefined | false>;
      }
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    if (performance.now() > end) {
      throw new Error(`Not within ${capMs} ms: ${what}`, { cause: trouble });
    }
    await delay(everyMs);
  }
}
