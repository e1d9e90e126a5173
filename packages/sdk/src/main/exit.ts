// What is done as the process exits: the agent is told the phase, and where telemetry is pushed, the
// exit waits for the last push, for a capped time. Not reached by default-action signals, running
// out of memory or SIGKILL: what matters has left while the stall lasted.
import { sharedWord } from '../shared/shared-words.ts';

export interface ExitParts {
  readonly words: Int32Array<SharedArrayBuffer>;
  /** Milliseconds; 0 waits for nothing. */
  readonly capMs: number;
  readonly askFlush: () => void;
  /** What must be over before the process exits. */
  readonly settle: () => void;
}

/** Returns its undo. */
export function flushAtExit({ words, capMs, askFlush, settle }: ExitParts): () => void {
  const onExit = (): void => {
    Atomics.store(words, sharedWord.exiting, 1);
    settle();
    // An agent that is not there yet, or no longer, would only be waited for in vain.
    if (capMs > 0 && Atomics.load(words, sharedWord.watching) === 1) {
      askFlush();
      Atomics.wait(words, sharedWord.flushed, 0, capMs);
    }
  };
  process.on('exit', onExit);
  return () => process.off('exit', onExit);
}
