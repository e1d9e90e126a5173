// What the agent's interrupt runs, inside whatever code blocks this thread. The application may have
// replaced any global by then, so everything is held from load; it may be deep in its stack; and it
// waits for us. The answer leaves by our own port, since the inspector session that asked is already
// gone.
import { builtin } from '../shared/builtin.ts';
import { monotonicNow } from '../shared/clock.ts';
import type {
  CaptureMessage,
  ContextMessage,
  PositionMessage,
  QueueTurnedMessage,
} from '../shared/messages.ts';
import { positionKey, type SourcePosition } from '../shared/source-position.ts';
import type { StalledRequest } from '../shared/stall.ts';
import { readActiveSpan } from './active-span.ts';
import { asTheyAre, trimmed } from './call-sites.ts';
import { inspectorOpen } from './inspector-open.ts';
import type { RequestFollower } from './requests.ts';
import type { Utilization } from './utilization.ts';

const { getCallSites } = builtin('node:util');
// Held since load: fake timers replace these.
const { nextTick } = process;
const { queueMicrotask } = globalThis;
/** The most that Node gives. */
const mostCallSites = 200;

export interface ProbeParts {
  readonly utilization: Utilization;
  readonly requests: RequestFollower | undefined;
  /** Whether the context may be read: that runs code of the application's. */
  readonly context: boolean;
  readonly send: (message: CaptureMessage | ContextMessage | QueueTurnedMessage | PositionMessage) => void;
  readonly failed: (part: string) => void;
}

/** Answers capture `id`. */
export function answerCapture(id: number, parts: ProbeParts): void {
  const at = monotonicNow();
  const activeMs = activeSinceBase(parts);
  const callSites = trimmed(getCallSites(mostCallSites, asTheyAre));
  parts.send({ kind: 'capture', id, at, activeMs, callSites, inspectorOpen: inspectorOpen() });
  parts.send({ kind: 'context', id, ...contextOf(parts) });
  markQueues(id, parts);
}

// Leaves a callback in either queue: the stack alone can't tell a long callback from short ones that
// queue one another without end.
function markQueues(id: number, { send, failed }: ProbeParts): void {
  const turned = (queue: QueueTurnedMessage['queue']) => (): void => {
    try {
      send({ kind: 'queue-turned', id, queue, at: monotonicNow() });
    } catch {
      failed('queues');
    }
  };
  try {
    nextTick(turned('tick'));
    queueMicrotask(turned('microtask'));
  } catch {
    // Where the stack is too deep for it, say.
    failed('queues');
  }
}

// Node's own reading calls `process.hrtime`, which the application may have replaced. 0 dates nothing.
function activeSinceBase({ utilization, failed }: ProbeParts): number {
  try {
    return utilization.activeSinceBase();
  } catch {
    failed('utilization');
    return 0;
  }
}

// Runs code of the application's: its context manager, its request's properties.
function contextOf({ requests, context, failed }: ProbeParts): Pick<ContextMessage, 'span' | 'request'> {
  if (!context) {
    return {};
  }
  try {
    const active = readActiveSpan();
    const request = mergedRequest(active.request, requests?.current());
    return { ...(active.span && { span: active.span }), ...(request && { request }) };
  } catch {
    failed('context');
    return {};
  }
}

// The instrumentation's route is the whole template; ours lacks the path of a mounted router.
function mergedRequest(traced?: StalledRequest, followed?: StalledRequest): StalledRequest | undefined {
  return followed && traced?.route === undefined ? followed : traced;
}

/** Answers with the position that the application's source-map cache gives, if it has one. */
export function answerPosition(place: SourcePosition, { send, failed }: ProbeParts): void {
  const key = positionKey(place);
  try {
    const { originalSource, originalLine, originalColumn } = entryOf(place);
    send({
      kind: 'position',
      key,
      ...(originalSource !== undefined && {
        position: { file: originalSource, line: originalLine + 1, column: originalColumn + 1 },
      }),
    });
  } catch {
    failed('position');
  }
}

interface MapEntry {
  readonly originalSource?: string;
  readonly originalLine: number;
  readonly originalColumn: number;
}

function entryOf({ file, line, column }: SourcePosition): MapEntry {
  const { findSourceMap } = builtin('node:module');
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  return entry !== undefined && 'originalSource' in entry ? entry : { originalLine: 0, originalColumn: 0 };
}
