// Tells of the loop's first turn. The heartbeat shows it a whole interval later, and a block within
// that interval, such as the first request after a slow boot, would pass for a part of the boot.
import { builtin } from '../shared/builtin.ts';
import { monotonicNow } from '../shared/clock.ts';
import type { TurnedMessage } from '../shared/messages.ts';

// Held since load: an application's fake timers replace these.
const { setImmediate, clearImmediate } = builtin('node:timers');

/** Returns its undo. */
export function tellFirstTurn(send: (message: TurnedMessage) => void): () => void {
  const immediate = setImmediate(() => send({ kind: 'turned', at: monotonicNow() }));
  immediate.unref();
  return () => clearImmediate(immediate);
}
