import type { Alert } from '@loopscope/sdk/telemetry';
import { describe, expect, test } from 'vitest';
import { DeliveryQueue } from '../../src/alerts/delivery-queue.ts';
import type { Receiver } from '../../src/alerts/receiver.ts';
import type { Reply } from '../../src/http/transport.ts';
import { alert } from '../support/alert.ts';
import { waitUntil } from '../support/wait-until.ts';

const answered = (status: number, retryAfterMs?: number): Reply => ({
  kind: 'answered',
  status,
  retryAfterMs,
  body: Buffer.alloc(0),
});
const refused: Reply = { kind: 'failed', code: 'ECONNREFUSED' };

/** A receiver whose answers the test gives, and a clock that moves only by waiting. */
class Script {
  /** The alerts of each request, as `fingerprint status`. */
  readonly sent: (readonly string[])[] = [];
  readonly waits: number[] = [];
  readonly outcomes: Record<string, number> = {};
  readonly said: string[] = [];
  readonly queue: DeliveryQueue;
  now = 1000;
  /** Answers to the next requests; then all are taken. */
  replies: (Reply | Promise<Reply>)[] = [];

  constructor(batch = 1) {
    const receiver: Receiver = {
      name: 'webhook',
      place: 'http://a',
      batch,
      send: async (alerts) => {
        this.sent.push(alerts.map(({ fingerprint, status }) => `${fingerprint} ${status}`));
        return (await this.replies.shift()) ?? answered(200);
      },
      mayRetry: (reply) => reply.kind === 'failed' || reply.status >= 429,
      close: () => {},
    };
    this.queue = new DeliveryQueue({
      receiver,
      notified: (outcome, times) => {
        this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + times;
      },
      say: (line) => this.said.push(line),
      debug: () => {},
      now: () => this.now,
      random: () => 0.5,
      pause: async (milliseconds) => {
        this.waits.push(milliseconds);
        this.now += milliseconds;
      },
    });
  }

  push(...indexes: readonly number[]): void {
    for (const index of indexes) {
      this.queue.push(numbered(index));
    }
  }

  async handled(count: number): Promise<void> {
    const sum = (): number => Object.values(this.outcomes).reduce((total, times) => total + times, 0);
    await waitUntil(() => sum() >= count, `${count} notifications are handled`);
  }
}

const numbered = (index: number): Alert => alert({ fingerprint: String(index) });

describe('a queue', () => {
  test('sends what it is given, in order, one at a time', async () => {
    const script = new Script();
    let release: (reply: Reply) => void = () => {};
    script.replies = [new Promise((resolve) => (release = resolve))];
    script.push(1, 2, 3);
    await waitUntil(() => script.sent.length > 0, 'the first is sent');
    expect(script.sent).toEqual([['1 firing']]);
    release(answered(200));
    await script.handled(3);
    expect(script.sent).toEqual([['1 firing'], ['2 firing'], ['3 firing']]);
    expect(script.outcomes).toEqual({ delivered: 3 });
  });

  test('replaces what still waits, and sends many at once where the receiver takes them', async () => {
    const script = new Script(64);
    let release: (reply: Reply) => void = () => {};
    script.replies = [new Promise((resolve) => (release = resolve))];
    script.queue.push(numbered(1));
    await waitUntil(() => script.sent.length > 0, 'the first is sent');
    script.queue.push(numbered(2));
    script.queue.push(numbered(2));
    script.queue.push(alert({ fingerprint: '2', status: 'resolved' }));
    script.queue.push(numbered(1));
    release(answered(200));
    await script.handled(4);
    expect(script.sent).toEqual([['1 firing'], ['2 firing', '2 resolved', '1 firing']]);
  });

  test('tries again after what the server asks for, else with a backoff that grows to a minute', async () => {
    const script = new Script();
    script.replies = [
      refused,
      answered(500),
      answered(429, 7000),
      ...Array.from({ length: 12 }, () => refused),
    ];
    script.queue.push(alert());
    await script.handled(1);
    expect(script.sent).toHaveLength(16);
    expect(script.waits.slice(0, 4)).toEqual([1000, 1500, 7000, 3375]);
    expect(script.waits.slice(-2)).toEqual([60_000, 60_000]);
    expect(script.outcomes).toEqual({ delivered: 1 });
    // Each kind of failure is said once, and not how it goes on.
    expect(script.said).toEqual([
      "alerts can't be sent to http://a: nothing listens there (ECONNREFUSED); it is tried again",
      "alerts can't be sent to http://a: HTTP 500; it is tried again",
      "alerts can't be sent to http://a: HTTP 429; it is tried again",
      "alerts can't be sent to http://a: nothing listens there (ECONNREFUSED); it is tried again",
    ]);
  });

  test('waits at most ten minutes, whatever is asked for', async () => {
    const script = new Script();
    script.replies = [answered(503, 86_400_000)];
    script.queue.push(alert());
    await script.handled(1);
    expect(script.waits).toEqual([600_000]);
  });

  test('gives up at once what is refused for good, and goes on with the next', async () => {
    const script = new Script();
    script.replies = [answered(400)];
    script.queue.push(numbered(1));
    script.queue.push(numbered(2));
    await script.handled(2);
    expect(script.outcomes).toEqual({ failed: 1, delivered: 1 });
    expect(script.said).toEqual(["alerts can't be sent to http://a: HTTP 400; it is not tried again"]);
  });

  test('gives up after an hour', async () => {
    const script = new Script();
    script.replies = Array.from({ length: 200 }, () => refused);
    const began = script.now;
    script.queue.push(alert());
    await script.handled(1);
    expect(script.outcomes).toEqual({ failed: 1 });
    expect(script.now - began).toBeGreaterThanOrEqual(3_600_000);
    expect(script.now - began).toBeLessThan(3_700_000);
  });

  test('is bounded: the oldest that wait are dropped, and counted', async () => {
    const script = new Script();
    let release: (reply: Reply) => void = () => {};
    script.replies = [new Promise((resolve) => (release = resolve))];
    script.queue.push(numbered(0));
    await waitUntil(() => script.sent.length > 0, 'the first is sent');
    for (let index = 1; index <= 250; index += 1) {
      script.queue.push(numbered(index));
    }
    expect(script.outcomes).toEqual({ dropped: 151 });
    release(answered(200));
    await script.handled(251);
    expect(script.outcomes).toEqual({ dropped: 151, delivered: 100 });
    expect(script.sent[1]).toEqual(['152 firing']);
    expect(script.sent.at(-1)).toEqual(['250 firing']);
  });

  test('sends 20 at once, and then one every three seconds', async () => {
    const script = new Script();
    const began = script.now;
    for (let index = 0; index < 80; index += 1) {
      script.queue.push(numbered(index));
    }
    await script.handled(80);
    expect(script.waits).toHaveLength(60);
    expect(script.now - began).toBe(180_000);
  });

  test('does not lose its turn to what is put back', async () => {
    const script = new Script(2);
    script.replies = [refused];
    script.push(1, 2, 3);
    await script.handled(3);
    expect(script.sent).toEqual([['1 firing', '2 firing'], ['1 firing', '2 firing'], ['3 firing']]);
  });
});

describe('in the hurry of an exit', () => {
  test('what waits is tried once more, and nothing is said', async () => {
    const script = new Script();
    let release: (reply: Reply) => void = () => {};
    script.replies = [new Promise((resolve) => (release = resolve)), refused];
    script.queue.push(numbered(1));
    script.queue.push(numbered(2));
    await waitUntil(() => script.sent.length > 0, 'the first is sent');
    const flushed = script.queue.flush();
    release(answered(200));
    await flushed;
    expect(script.sent.slice(0, 2)).toEqual([['1 firing'], ['2 firing']]);
    expect([script.waits, script.said]).toEqual([[], []]);
  });

  test('a stop ends what is under way, and takes no more', async () => {
    const script = new Script();
    script.replies = [refused];
    script.queue.push(numbered(1));
    await script.queue.stop();
    script.queue.push(numbered(2));
    expect(script.sent).toEqual([['1 firing']]);
    expect(script.outcomes).toEqual({});
  });
});
