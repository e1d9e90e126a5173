// Counts the server requests in flight, in a word that the agent reads while this thread is blocked. A
// plain subscription costs nothing measurable on any release; nothing is made for a request but its place
// in one set.
import { builtin } from '../shared/builtin.ts';
import { type ThreadWords, threadWord } from '../shared/shared-words.ts';
import type { OwnTime } from './own-time.ts';

const { subscribe, unsubscribe } = builtin('node:diagnostics_channel');

const requestStarted = 'http.server.request.start';
const responseFinished = 'http.server.response.finish';

/** Responses that are looked at in one sweep, which the application waits for. */
const mostSwept = 1000;

interface ServerResponse {
  /** Whether its connection is gone. */
  readonly destroyed?: boolean;
}

export interface RequestCount {
  /** Forgets requests whose client has gone away: no channel tells of them. To be called now and then. */
  sweep(): void;
  stop(): void;
}

export function countRequests(words: ThreadWords, own: OwnTime): RequestCount {
  const inFlight = new Set<ServerResponse>();
  let sweeping = inFlight.values();
  const tell = (): void => {
    Atomics.store(words, threadWord.requestsInFlight, inFlight.size);
  };
  const onStart = own.sampling('request', (message) => {
    inFlight.add((message as { response: ServerResponse }).response);
    tell();
  });
  const onFinish = own.sampling('request', (message) => {
    inFlight.delete((message as { response: ServerResponse }).response);
    tell();
  });
  subscribe(requestStarted, onStart);
  subscribe(responseFinished, onFinish);
  return {
    sweep: () => {
      const looks = Math.min(inFlight.size, mostSwept);
      for (let looked = 0; looked < looks; looked += 1) {
        const { value, done } = sweeping.next();
        if (done === true) {
          // It goes on where it ended, so that in the end all are looked at.
          sweeping = inFlight.values();
        } else if (value.destroyed === true) {
          inFlight.delete(value);
        }
      }
      tell();
    },
    stop: () => {
      unsubscribe(requestStarted, onStart);
      unsubscribe(responseFinished, onFinish);
      inFlight.clear();
      tell();
    },
  };
}
