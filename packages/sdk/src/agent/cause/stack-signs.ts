// What a stack says about a cause, beside whom it blames: what it stands on, and which synchronous
// function of Node the application was in.
import type { RawCallSite } from '../../shared/messages.ts';
import { foreignCallSites } from '../frames.ts';

/** As many as Node gives: the outermost ones of such a stack may be missing. */
const truncatedAt = 190;
const taskQueues = 'node:internal/process/task_queues';

export interface StackSigns {
  /** Whether a tick or a promise reaction ran, rather than a callback of the loop. */
  readonly onQueue: boolean;
  /** The function of Node that the application had called, such as `node:fs readFileSync`. */
  readonly nodeCall?: string;
}

export function signsOf(callSites: readonly RawCallSite[], ownScript: string): StackSigns {
  const stack = foreignCallSites(callSites, ownScript);
  const nodeCall = nodeCallOf(stack);
  return { onQueue: standsOnQueue(stack), ...(nodeCall !== undefined && { nodeCall }) };
}

// V8 runs promise reactions from native code too, and then the reaction itself is the outermost frame;
// everything else that enters JavaScript goes through code of Node's.
function standsOnQueue(stack: readonly RawCallSite[]): boolean {
  const outermost = stack.at(-1);
  return (
    stack.some(({ scriptName }) => scriptName === taskQueues) ||
    (outermost !== undefined && stack.length < truncatedAt && !isNodes(outermost))
  );
}

/** The outermost of Node's frames within the application's innermost. */
function nodeCallOf(stack: readonly RawCallSite[]): string | undefined {
  const called = stack.findIndex((callSite) => !isNodes(callSite)) - 1;
  const callSite = stack[called];
  return callSite && `${publicModule(callSite.scriptName)} ${callSite.functionName}`;
}

function isNodes({ scriptName }: RawCallSite): boolean {
  return scriptName.startsWith('node:') || scriptName === '';
}

/** `node:internal/crypto/pbkdf2` is a part of what applications know as `node:crypto`. */
function publicModule(scriptName: string): string {
  return scriptName.replace(/^node:(?:internal\/)?([^/]+).*$/, 'node:$1');
}
