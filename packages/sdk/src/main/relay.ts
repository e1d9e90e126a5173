// Runs a probe inside a worker thread, whatever blocks that thread: through the main thread's inspector,
// which reaches every worker of the process, nested ones too. The session is the main thread's own, so
// all of it happens in one synchronous go: connect, attach, send, disconnect. What was sent still runs, and
// the probe answers over its own port. For a moment the inspector of each worker is connected to; none
// is paused, and none is made to wait.
//
// The hazard is `worker.terminate()`, and an exit of the process: either has V8 terminate what the thread
// executes, once. If that is our evaluation, the application's code goes on, for ever where it loops. So:
// - The main thread waits a moment, until both evaluations are through. Meanwhile it can neither terminate nor
//   exit; and before it exits, it waits once more for what it has sent last.
// - A worker that has not come to it by then, in a native call or without a CPU, or one that a worker
//   terminates, comes to a second evaluation right after, which ends the thread if the first was cut short.
// - The evaluation has no timeout, unlike main's: V8 takes a termination back when such a one is over. So
//   what runs in a worker thread must run no code of the application's (thread-member.ts).
import type { Session } from 'node:inspector';
import { builtin } from '../shared/builtin.ts';
import { monotonicNow } from '../shared/clock.ts';
import { relayWord, relayWords } from '../shared/shared-words.ts';
import { slotName } from '../shared/slot-name.ts';

/** A function of the slot, with its arguments. */
export type RelayedCall = readonly ['probe', number] | readonly ['position', string, number, number];

/** JavaScript answers in about a millisecond. */
const longestWaitMs = 4;
/** At the exit: a thread that waits for a CPU gets one by then, and what is older is not about to answer. */
const longestWaitAtExitMs = 50;
const ageThatMattersMs = 1000;

/** Open beyond its call only where the interrupt that made the call was itself timed out. */
let session: Session | undefined;
let relays = 0;
/** The latest, and when they were sent. */
const sentAt: number[] = [];
let exiting = false;

/** Throws where the inspector can't be reached. */
export function relayToWorker(
  threadId: number,
  call: RelayedCall,
  words: Int32Array<SharedArrayBuffer>,
): void {
  closeRelay();
  if (exiting) {
    return;
  }
  relays += 1;
  const { Session: InspectorSession } = builtin('node:inspector');
  const own = new InspectorSession();
  session = own;
  try {
    own.connect();
    own.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      // `workerId` is of the inspector's own counting.
      if (workerInfo.title.startsWith(`[worker ${threadId}]`)) {
        sentAt[relays % relayWords] = monotonicNow();
        for (const values of [[relays, call], [relays]]) {
          own.post('NodeWorker.sendMessageToWorker', { sessionId, message: evaluation(values) });
        }
      }
    });
    own.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  } finally {
    closeRelay();
  }
  awaitRelay(relays, words, longestWaitMs);
}

/** As the process exits: no relay is sent any more, and none is on its way in a moment. */
export function settleRelays(words: Int32Array<SharedArrayBuffer>): void {
  exiting = true;
  closeRelay();
  const end = monotonicNow() + longestWaitAtExitMs;
  for (let relay = Math.max(1, relays - relayWords + 1); relay <= relays; relay += 1) {
    awaitRelay(relay, words, end - monotonicNow());
  }
}

function evaluation(values: readonly unknown[]): string {
  const list = JSON.stringify(values).slice(1, -1);
  const expression = `globalThis[Symbol.for(${JSON.stringify(slotName)})]?.relayed(${list})`;
  const params = { expression, silent: true, disableBreaks: true, returnByValue: true };
  return JSON.stringify({ id: 1, method: 'Runtime.evaluate', params });
}

function awaitRelay(relay: number, words: Int32Array<SharedArrayBuffer>, mostMs: number): void {
  const sent = sentAt[relay % relayWords];
  if (sent === undefined || monotonicNow() - sent > ageThatMattersMs) {
    return;
  }
  const word = relayWord(relay);
  const end = monotonicNow() + mostMs;
  for (let left = mostMs; left > 0; left = end - monotonicNow()) {
    const done = Atomics.load(words, word);
    if (done === relay) {
      return;
    }
    Atomics.wait(words, word, done, left);
  }
}

/** A session left open would speak up as the process exits. */
export function closeRelay(): void {
  session?.disconnect();
  session = undefined;
}
