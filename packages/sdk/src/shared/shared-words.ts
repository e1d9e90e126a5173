// The few words that threads read without a message: offsets into one Int32Array on a
// SharedArrayBuffer. Messages need a turn of the reader's loop; these don't.

export const sharedWord = {
  /** 1 once the application's `exit` event has been emitted. Written by main. */
  exiting: 0,
  /** 1 once the agent has flushed what was pending. Written by the agent, waited on by main. */
  flushed: 1,
  /** 1 while an agent thread watches: set by the agent, cleared by main at the agent's end. */
  watching: 2,
} as const;

export const sharedWordCount = 3;

/** Those of one application thread, which travel in its join. */
export const threadWord = {
  /** Server requests that have started and not been answered. Written by the thread. */
  requestsInFlight: 0,
} as const;

export type ThreadWords = Int32Array<SharedArrayBuffer>;

export function createThreadWords(): ThreadWords {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

export function createSharedWords(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(sharedWordCount * Int32Array.BYTES_PER_ELEMENT));
}
