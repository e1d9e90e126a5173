// How many async operations the thread has started: the async ids that Node has handed out. No hook is
// needed: an own resource takes the next id and gives it back at once.
import { builtin } from '../../shared/builtin.ts';

const { AsyncResource } = builtin('node:async_hooks');

/** The latest async id; it grows by one with each call, too. */
export function latestAsyncId(): number {
  const resource = new AsyncResource('LOOPSCOPE', { requireManualDestroy: true });
  const id = resource.asyncId();
  resource.emitDestroy();
  return id;
}
