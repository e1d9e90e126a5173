// Whether the stack of a thread that sleeps in `Atomics.wait` is that of an idle one. Where code of the
// application's has called a package that waits, a task waits, and that is a block. Without any, the package
// waits for a task. An application that keeps such a loop itself is told where the loop is part of a
// worker's own module, which then never comes to its end.
import type { RawCallSite } from '../shared/messages.ts';
import { foreignCallSites, originOf } from './frames.ts';

const evaluatesModule: ReadonlySet<string> = new Set([
  'node:internal/main/worker_thread',
  'node:internal/modules/esm/module_job',
]);

/** Pure. `ownScript`: whose frames are our own. */
export function isIdleStack(callSites: readonly RawCallSite[], ownScript: string): boolean {
  const stack = foreignCallSites(callSites, ownScript);
  const [innermost] = stack;
  // Node's own waits, such as those for module hooks, are for an answer.
  if (innermost === undefined || originOf(innermost.scriptName) === 'node') {
    return false;
  }
  return (
    stack.every(({ scriptName }) => originOf(scriptName) !== 'application') ||
    stack.some(({ scriptName }) => evaluatesModule.has(scriptName))
  );
}
