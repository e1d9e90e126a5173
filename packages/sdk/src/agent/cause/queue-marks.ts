// What captures left in Node's queues, matched with the answers that tell when it came to run.
import type { Monotonic } from '../../shared/clock.ts';
import type { QueueTurnedMessage } from '../../shared/messages.ts';

/** Captures of one stall are few; an answer comes within it or at its end. */
const mostFollowed = 16;

export interface MarkedCapture {
  readonly id: number;
  tickAt?: Monotonic;
  microtaskAt?: Monotonic;
}

export class QueueMarks {
  readonly #captures: MarkedCapture[] = [];

  follow(capture: MarkedCapture): void {
    this.#captures.push(capture);
    if (this.#captures.length > mostFollowed) {
      this.#captures.shift();
    }
  }

  /** Dates the mark of the capture that left it. */
  turned({ id, queue, at }: QueueTurnedMessage): void {
    const capture = this.#captures.find((each) => each.id === id);
    if (capture !== undefined) {
      capture[queue === 'tick' ? 'tickAt' : 'microtaskAt'] = at;
    }
  }
}
