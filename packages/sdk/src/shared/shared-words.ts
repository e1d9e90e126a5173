// The few words that threads read without a message: offsets into one Int32Array on a
// SharedArrayBuffer. Messages need a turn of the reader's loop; these don't.

export const sharedWord = {
  /** 1 once the application's `exit` event has been emitted. Written by main. */
  exiting: 0,
  /** 1 once the agent has flushed what was pending. Written by the agent, waited on by main. */
  flushed: 1,
  /** 1 while an agent thread watches: set by the agent, cleared by main at the agent's end. */
  watching: 2,
  /**
   * Thread id of the present agent thread, to which worker threads join; 0 while there is none, and
   * `watchingEnded` once there will be none. Written by main.
   */
  agentThread: 3,
  /** Worker threads that are watched or about to be. Each adds itself, the agent takes away. */
  workers: 4,
  /**
   * The first of `relayWords` words, by the relay's number: the relay that a worker thread is through with
   * (main/relay.ts). Written by it, waited on by main.
   */
  relayDone: 5,
} as const;

/** No agent will watch this process again: worker threads that had joined undo what they set up. */
export const watchingEnded = -1;

export const relayWords = 16;

export function relayWord(relay: number): number {
  return sharedWord.relayDone + (relay % relayWords);
}

export const sharedWordCount = 5 + relayWords;

/** Those of one application thread, which travel in its join. */
export const threadWord = {
  /** Server requests that have started and not been answered. Written by the thread. */
  requestsInFlight: 0,
  /** How much of its requests it should refuse, and why (overload.ts). Written by the agent. */
  overload: 1,
  /** Server requests that were refused for it, since the thread's start. Written by the thread. */
  requestsShed: 2,
} as const;

const threadWordCount = 3;

export type ThreadWords = Int32Array<SharedArrayBuffer>;

export function createThreadWords(): ThreadWords {
  return new Int32Array(new SharedArrayBuffer(threadWordCount * Int32Array.BYTES_PER_ELEMENT));
}

export function createSharedWords(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(sharedWordCount * Int32Array.BYTES_PER_ELEMENT));
}
