// One agent per process, whichever copy of the package starts it. The versioned symbol on the global
// object is also how the agent thread's interrupt reaches the probe.
import type { LoopscopeOptions } from '../shared/options.ts';
import { slotName } from '../shared/slot-name.ts';
import type { LoopscopeHandle } from './handle.ts';
import type { RelayedCall } from './relay.ts';

const slotKey = Symbol.for(slotName);

export interface Slot {
  readonly sdkVersion: string;
  /** Joins the running agent as one more owner. */
  acquire(options: LoopscopeOptions): LoopscopeHandle;
  /** Called by `Runtime.evaluate` inside blocked code. */
  probe(id: number): void;
  /** Called by `Runtime.evaluate`: looks a position up in the application's source-map cache. */
  position(file: string, line: number, column: number): void;
  /** Called by `Runtime.evaluate` on the main thread: makes a call inside a worker thread. */
  relay(threadId: number, call: RelayedCall): void;
  /** Called by `Runtime.evaluate` in a worker thread: makes a call, or without one sees that it was made. */
  relayed(relay: number, call?: RelayedCall): void;
}

type SlotHolder = { [slotKey]?: Slot };

export function readSlot(): Slot | undefined {
  return (globalThis as SlotHolder)[slotKey];
}

/** Returns its undo. Throws where the global object is frozen. */
export function fillSlot(slot: Slot): () => void {
  // Not enumerable, so that code which copies or lists globals does not meet it.
  Object.defineProperty(globalThis, slotKey, { value: slot, configurable: true });
  return () => {
    if (readSlot() === slot) {
      delete (globalThis as SlotHolder)[slotKey];
    }
  };
}
