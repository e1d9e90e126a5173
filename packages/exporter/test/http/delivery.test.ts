import { describe, expect, test } from 'vitest';
import { type DeliveryParts, deliver, pause } from '../../src/http/delivery.ts';
import type { Reply } from '../../src/http/transport.ts';

const answered = (status: number, retryAfterMs?: number): Reply => ({
  kind: 'answered',
  status,
  retryAfterMs,
  body: Buffer.alloc(0),
});
const failed = (code: string): Reply => ({ kind: 'failed', code });

interface Script {
  readonly parts: DeliveryParts;
  /** What each attempt was given, and each wait, in milliseconds. */
  readonly attempts: number[];
  readonly waits: number[];
}

// A clock that only the script moves: each attempt takes a tenth of a second.
function script(replies: readonly Reply[], onPause: () => void = () => {}): Script {
  const attempts: number[] = [];
  const waits: number[] = [];
  let now = 5000;
  return {
    attempts,
    waits,
    parts: {
      send: async (timeoutMs) => {
        attempts.push(timeoutMs);
        now += 100;
        return replies[Math.min(attempts.length, replies.length) - 1] as Reply;
      },
      pause: async (milliseconds) => {
        waits.push(milliseconds);
        now += milliseconds;
        onPause();
      },
      now: () => now,
      random: () => 0.5,
    },
  };
}

const calm = new AbortController().signal;

describe('a delivery', () => {
  test('ends with the first success', async () => {
    const { parts, attempts, waits } = script([answered(503), failed('ECONNREFUSED'), answered(200)]);
    expect(await deliver(parts, 10_000, calm)).toEqual({ delivered: true, reply: answered(200) });
    expect(waits).toEqual([1000, 1500]);
    expect(attempts).toEqual([10_000, 8900, 7300]);
  });

  test.each([400, 401, 404, 413, 500, 301])('is not tried again after %i', async (status) => {
    const { parts, attempts } = script([answered(status)]);
    expect(await deliver(parts, 10_000, calm)).toEqual({ delivered: false, reply: answered(status) });
    expect(attempts).toHaveLength(1);
  });

  test('waits as long as the collector asks', async () => {
    const { parts, waits } = script([answered(429, 3000), answered(200)]);
    expect((await deliver(parts, 10_000, calm)).delivered).toBe(true);
    expect(waits).toEqual([3000]);
  });

  test('is given up at once where the collector asks for longer than there is time', async () => {
    const { parts, attempts, waits } = script([answered(429, 60_000)]);
    expect((await deliver(parts, 10_000, calm)).delivered).toBe(false);
    expect([attempts.length, waits.length]).toEqual([1, 0]);
  });

  test('is given up when its time is over', async () => {
    const { parts, attempts, waits } = script([failed('ECONNREFUSED')]);
    expect(await deliver(parts, 10_000, calm)).toEqual({ delivered: false, reply: failed('ECONNREFUSED') });
    expect(waits).toEqual([1000, 1500, 2250, 3375]);
    expect(attempts).toHaveLength(5);
  });

  test('is not tried again once there is hurry', async () => {
    const hurried = new AbortController();
    hurried.abort();
    const single = script([answered(503)]);
    await deliver(single.parts, 10_000, hurried.signal);
    expect([single.attempts.length, single.waits.length]).toEqual([1, 0]);
    const hurry = new AbortController();
    const cut = script([answered(503)], () => hurry.abort());
    expect((await deliver(cut.parts, 10_000, hurry.signal)).delivered).toBe(false);
    expect([cut.attempts.length, cut.waits.length]).toEqual([1, 1]);
  });
});

test('a pause ends early when there is hurry, before or during it', async () => {
  const hurry = new AbortController();
  const waiting = pause(1_000_000, hurry.signal);
  hurry.abort();
  await waiting;
  await pause(1_000_000, hurry.signal);
  await pause(1, new AbortController().signal);
});
