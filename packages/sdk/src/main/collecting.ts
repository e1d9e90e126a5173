// The application asks the agent for the metrics as they are. Those who ask while an answer is under way
// share it. An answer needs a turn of this thread's loop, so a wait that is over is given one turn more: after
// a block the timer would otherwise come before the answer that has long been there.
import { builtin } from '../shared/builtin.ts';
import type { CollectedMessage } from '../shared/messages.ts';
import type { CollectionForm, Collections } from '../shared/metrics-snapshot.ts';

const { setTimeout, clearTimeout, setImmediate } = builtin('node:timers');

/** Milliseconds; it is also the longest that asking keeps a process alive which has nothing else to do. */
export const collectionTimeoutMs = 2000;

interface Waiting {
  readonly id: number;
  readonly answer: Promise<Collections[CollectionForm]>;
  readonly resolve: (collection: Collections[CollectionForm]) => void;
  readonly reject: (reason: string) => void;
}

export class Collecting {
  readonly #ask: (id: number, form: CollectionForm) => void;
  readonly #timeoutMs: number;
  readonly #waiting = new Map<CollectionForm, Waiting>();
  #asked = 0;

  /** @param ask posts the question to the agent thread. */
  constructor(ask: (id: number, form: CollectionForm) => void, timeoutMs: number = collectionTimeoutMs) {
    this.#ask = ask;
    this.#timeoutMs = timeoutMs;
  }

  collect<Form extends CollectionForm>(form: Form): Promise<Collections[Form]> {
    const waiting = this.#waiting.get(form) ?? this.#begin(form);
    return waiting.answer as Promise<Collections[Form]>;
  }

  #begin(form: CollectionForm): Waiting {
    this.#asked += 1;
    const id = this.#asked;
    const { promise: answer, resolve, reject } = Promise.withResolvers<Collections[CollectionForm]>();
    // Ref'd: whoever awaits this must not find the process ended meanwhile.
    const timer = setTimeout(
      () => setImmediate(() => waiting.reject(`the agent did not answer within ${this.#timeoutMs} ms`)),
      this.#timeoutMs,
    );
    const end = (): void => {
      clearTimeout(timer);
      if (this.#waiting.get(form) === waiting) {
        this.#waiting.delete(form);
      }
    };
    const waiting: Waiting = {
      id,
      answer,
      resolve: (collection) => {
        end();
        resolve(collection);
      },
      reject: (reason) => {
        end();
        reject(collectionFailure(reason));
      },
    };
    this.#waiting.set(form, waiting);
    this.#ask(id, form);
    return waiting;
  }

  answered({ id, collection, failure }: CollectedMessage): void {
    const waiting = [...this.#waiting.values()].find((each) => each.id === id);
    if (collection === undefined) {
      waiting?.reject(failure ?? 'the agent has nothing to collect from');
    } else {
      waiting?.resolve(collection);
    }
  }

  /** No answer will come any more to what has been asked. */
  fail(reason: string): void {
    for (const waiting of this.#waiting.values()) {
      waiting.reject(reason);
    }
  }
}

/** What `collect()` and `scrape()` reject with. */
export function collectionFailure(reason: string): Error {
  return Object.assign(new Error(`Loopscope can't collect its metrics: ${reason}`), {
    code: 'LOOPSCOPE_UNAVAILABLE',
  });
}
