// A debugger can pause this thread only while the inspector's port is open. What it pauses is no
// stall that anybody should be alerted on.
import { builtin } from '../shared/builtin.ts';

/** Undefined on a Node built without an inspector. Loaded at the first call, off the start-up path. */
const inspector = (): typeof import('node:inspector') | undefined => builtin('node:inspector');

export function inspectorOpen(): boolean {
  try {
    return inspector()?.url() !== undefined;
  } catch {
    return false;
  }
}
