// How many file descriptors the process has open. Read on the agent thread: its price, in proportion to
// their number, is not the application's.
import { readdirSync } from 'node:fs';

/** Undefined where there is no such folder. */
export function countFileDescriptors(): number | undefined {
  try {
    // Without the one that this reading opens.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}
