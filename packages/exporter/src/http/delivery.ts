// One request with its retries, bounded in time. Clock, randomness and waiting are given, so that the
// rules can be tested without waiting.
import { backoffMs, isRetryableCode, isRetryableStatus } from './retry-policy.ts';
import type { Reply } from './transport.ts';

export interface DeliveryParts {
  /** One attempt, to be over within the given time. */
  send(timeoutMs: number): Promise<Reply>;
  /** Waits; returns early once `hurry` is aborted. */
  pause(milliseconds: number, hurry: AbortSignal): Promise<void>;
  /** Monotonic milliseconds. */
  now(): number;
  /** Within 0 and 1. */
  random(): number;
}

/** The reply to the last attempt, and whether the server took the data. */
export interface Outcome {
  readonly delivered: boolean;
  readonly reply: Reply;
}

/** Sends until it is taken, refused for good, or the time is up. Aborting `hurry` makes the attempt under way the last. */
export async function deliver(parts: DeliveryParts, timeoutMs: number, hurry: AbortSignal): Promise<Outcome> {
  const deadline = parts.now() + timeoutMs;
  for (let retry = 1; ; retry++) {
    const reply = await parts.send(Math.max(1, deadline - parts.now()));
    if (reply.kind === 'answered' && reply.status >= 200 && reply.status <= 299) {
      return { delivered: true, reply };
    }
    const wait = waitBeforeRetry(reply, retry, parts.random());
    if (wait === undefined || hurry.aborted || parts.now() + wait >= deadline) {
      return { delivered: false, reply };
    }
    await parts.pause(wait, hurry);
    if (hurry.aborted) {
      return { delivered: false, reply };
    }
  }
}

function waitBeforeRetry(reply: Reply, retry: number, random: number): number | undefined {
  if (reply.kind === 'failed') {
    return isRetryableCode(reply.code) ? backoffMs(retry, random) : undefined;
  }
  return isRetryableStatus(reply.status) ? (reply.retryAfterMs ?? backoffMs(retry, random)) : undefined;
}

/** Waits on a timer that keeps nothing alive. */
export function pause(milliseconds: number, hurry: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      hurry.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    timer.unref();
    hurry.addEventListener('abort', finish);
    if (hurry.aborted) {
      finish();
    }
  });
}
