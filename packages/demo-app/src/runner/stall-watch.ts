// Looks at the endpoint again and again, and tells what is new.
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentClient } from './agent-client.ts';
import { type FeedEvent, type SeenStall, StallFeed } from './stall-feed.ts';

const lookEveryMs = 50;

export class StallWatch {
  readonly #client: AgentClient;
  readonly #onEvent: (event: FeedEvent) => void;
  readonly #feed = new StallFeed();
  readonly #waiting = new Set<() => void>();
  #failedLooks = 0;

  constructor(client: AgentClient, onEvent: (event: FeedEvent) => void) {
    this.#client = client;
    this.#onEvent = onEvent;
  }

  /** Looks that were not answered. */
  get failedLooks(): number {
    return this.#failedLooks;
  }

  /** Looks until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = delay(lookEveryMs, undefined, { signal }).catch(() => {});
      await this.#look();
      await next;
    }
  }

  async #look(): Promise<void> {
    try {
      const look = await this.#client.look();
      for (const event of this.#feed.take(look)) {
        this.#onEvent(event);
      }
      for (const check of this.#waiting) {
        check();
      }
    } catch {
      this.#failedLooks++;
    }
  }

  /** Stalls that overlap a period of Unix milliseconds. */
  within(from: number, to: number): SeenStall[] {
    return this.#feed.within(from, to);
  }

  /** Waits until the stalls of a period satisfy a condition, or the time for it is over. */
  async settle(
    period: { from: number; to: number },
    settled: (stalls: readonly SeenStall[]) => boolean,
    longestMs: number,
    signal: AbortSignal,
  ): Promise<SeenStall[]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => {
      if (settled(this.within(period.from, period.to))) {
        resolve();
      }
    };
    this.#waiting.add(check);
    const done = new AbortController();
    const over = delay(longestMs, undefined, { signal: AbortSignal.any([signal, done.signal]) });
    try {
      await Promise.race([promise, over]);
    } finally {
      done.abort();
      over.catch(() => {});
      this.#waiting.delete(check);
    }
    return this.within(period.from, period.to);
  }
}
