// All that crosses between an application thread and the agent thread, beside the live histogram
// and the shared words of shared-words.ts. One MessageChannel per application thread; its agent end
// travels in the join: main's over the agent worker's own port, a worker thread's by postMessageToThread.
import type { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import { type Alert, isAlert } from './alert.ts';
import type { Monotonic } from './clock.ts';
import type { CollectionForm, Collections } from './metrics-snapshot.ts';
import type { ResolvedOptions } from './options.ts';
import type { LimitedFeature, OwnTimeReading } from './own-time.ts';
import type { RawCallSite } from './raw-call-site.ts';
import type { ThreadWords } from './shared-words.ts';
import type { SourcePosition } from './source-position.ts';
import type { StallEvent, StalledRequest, StalledSpan, ThreadIdentity } from './stall.ts';
import {
  type CensusMessage,
  changeFault,
  type TaskAbilities,
  type TaskChange,
  type TasksReading,
} from './tasks.ts';

export type { RawCallSite } from './raw-call-site.ts';

/** Raised with every change of a message's meaning; the agent ignores any other. */
export const wireVersion = 1;

/** Node's native delay histogram; a clone that crosses threads shares its counters. */
export type DelayHistogram = ReturnType<typeof monitorEventLoopDelay>;

/** Given to the agent thread when it starts. */
export interface AgentWorkerData {
  readonly version: typeof wireVersion;
  readonly sdkVersion: string;
  readonly options: ResolvedOptions;
  /** Backs shared-words.ts. */
  readonly words: SharedArrayBuffer;
  /** Which start of the agent in this process this is, from 1. */
  readonly start: number;
  /** Alerts that the agent thread before this one left firing. */
  readonly firing: readonly Alert[];
  readonly debug: boolean;
}

/** Sent once by each application thread to each agent thread: a crashed one is followed by another. */
export interface ThreadJoin {
  readonly version: typeof wireVersion;
  readonly kind: 'join';
  /** A worker's name as the application gave it, empty where it gave none: the agent makes a label of it. */
  readonly thread: ThreadIdentity;
  /** The native delay histogram: live in both threads. */
  readonly heartbeat: DelayHistogram;
  /** Its interval. */
  readonly heartbeatMs: number;
  /** When the thread began to be watched. */
  readonly since: Monotonic;
  /** Its id in the operating system; absent where that is not known. */
  readonly taskId?: number;
  /** By `threadWord`: what the agent reads while the thread is blocked. */
  readonly words: ThreadWords;
  /** The agent's end of this thread's channel. */
  readonly port: MessagePort;
  /** What is known of it before the first sample. */
  readonly inspectorOpen: boolean;
  /** False where the permission model or the build has no inspector: no stacks then. */
  readonly captures: boolean;
  /** Whether the application asked for source maps. */
  readonly sourceMaps: boolean;
  /** Our own script, whose frames are not the application's. */
  readonly ownScript: string;
  /** How async tasks can be looked at there. */
  readonly tasks: TaskAbilities;
}

/** Readings of one thread, about once a second. Cumulative values are since the thread's start. */
export interface SampleMessage {
  readonly kind: 'sample';
  readonly at: Monotonic;
  /** Milliseconds, cumulative. */
  readonly active: number;
  /** Milliseconds, cumulative. */
  readonly idle: number;
  readonly iterations: number;
  readonly events: number;
  readonly eventsWaiting: number;
  readonly externalBytes: number;
  readonly heapSpaces: readonly HeapSpaceReading[];
  /** Milliseconds of CPU, cumulative; absent where Node can't tell. */
  readonly cpu?: number;
  /** Counts by type; absent in the samples that skip it. */
  readonly resources?: Readonly<Record<string, number>>;
  readonly tasks?: TasksReading;
  /** Warnings of Node's that an emitter has too many listeners, since the thread's start. */
  readonly listenerWarnings?: number;
  /** What we took of the thread ourselves, as of the sample before. */
  readonly ownTime?: OwnTimeReading;
  /** What is off because we took too much. */
  readonly limited?: readonly LimitedFeature[];
  readonly inspectorOpen: boolean;
  readonly sourceMaps: boolean;
  /** Failures of probes since the last sample, by probe. */
  readonly failures?: Readonly<Record<string, number>>;
}

export interface HeapSpaceReading {
  readonly name: string;
  readonly size: number;
  readonly used: number;
  readonly available: number;
  readonly physical: number;
}

export interface GcEntry {
  readonly type: 'major' | 'minor' | 'incremental' | 'weakcb';
  readonly at: Monotonic;
  readonly durationMs: number;
}

export interface GcMessage {
  readonly kind: 'gc';
  readonly entries: readonly GcEntry[];
}

/** The probe's own answer to a capture, posted from inside the blocked code. */
export interface CaptureMessage {
  readonly kind: 'capture';
  readonly id: number;
  readonly at: Monotonic;
  /** Milliseconds that the loop had been active since its utilization was last read. */
  readonly activeMs: number;
  readonly callSites: readonly RawCallSite[];
  readonly inspectorOpen: boolean;
}

/**
 * In whose context the captured code ran. Sent after the stack, since reading it runs code of the
 * application's, which may never come back.
 */
export interface ContextMessage {
  readonly kind: 'context';
  readonly id: number;
  readonly span?: StalledSpan;
  readonly request?: StalledRequest;
}

/**
 * A callback that a capture left in one of Node's two queues has run. Queues that turn over while the
 * loop does not are what a stall by ticks or promises is made of; one long callback holds both up.
 */
export interface QueueTurnedMessage {
  readonly kind: 'queue-turned';
  /** Of the capture. */
  readonly id: number;
  readonly queue: 'tick' | 'microtask';
  readonly at: Monotonic;
}

/** An answer from the application's own source-map cache, for code that is transformed in memory. */
export interface PositionMessage {
  readonly kind: 'position';
  readonly key: string;
  readonly position?: SourcePosition;
}

/**
 * The loop has turned for the first time. The heartbeat shows this a whole interval later, and a block
 * within that interval would pass for a part of the boot.
 */
export interface TurnedMessage {
  readonly kind: 'turned';
  readonly at: Monotonic;
}

/** What the agent asks for once a stall is over: the CPU profile that has its samples. */
export interface ProfileRequest {
  readonly kind: 'profile';
  /** The stall's id. */
  readonly stall: string;
  readonly since: Monotonic;
  readonly until: Monotonic;
}

/** The answer to each `ProfileRequest`. */
export interface ProfileMessage {
  readonly kind: 'profile';
  readonly stall: string;
  /** Whether the thread goes on with profiles. */
  readonly on: boolean;
  /** When the profile was started. Absent where there is none, or one that is too large. */
  readonly startedAt?: Monotonic;
  /** The profile, as JSON. */
  readonly text?: string;
}

/** Over the thread's own channel. */
export type ThreadMessage =
  | TurnedMessage
  | SampleMessage
  | GcMessage
  | CaptureMessage
  | ContextMessage
  | QueueTurnedMessage
  | PositionMessage
  | ProfileMessage
  | CensusMessage;

/** Application thread to agent, over the worker's port. */
export type ControlMessage =
  | ThreadJoin
  /** Whether anybody in the application listens for stalls: only then are they sent there. */
  | { readonly kind: 'subscribe'; readonly stalls: boolean }
  /** Send what is pending now, set the shared word and answer `flushed`. */
  | { readonly kind: 'flush' }
  /** Answer `collected` with the metrics as they are now. */
  | { readonly kind: 'collect'; readonly id: number; readonly form: CollectionForm };

/** The answer to `collect`: what was asked for, or why there is none. */
export interface CollectedMessage {
  readonly kind: 'collected';
  readonly id: number;
  readonly collection?: Collections[CollectionForm];
  readonly failure?: string;
}

/** Agent to application thread, over the worker's port; delivered when its loop turns. */
export type AgentMessage =
  | { readonly kind: 'watching' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'flushed' }
  | { readonly kind: 'stall'; readonly event: StallEvent }
  | { readonly kind: 'alert'; readonly alert: Alert }
  /** The thread's base for dating the next stall is stale: it must read its utilization anew. */
  | { readonly kind: 'stall-ended' }
  | ProfileRequest
  | CollectedMessage
  /** Look at async tasks in another way: valid, and possible on this Node. */
  | { readonly kind: 'tasks'; readonly change: TaskChange };

/** What is thrown on a message would be the application's uncaught exception: so each is looked at. */
export function isAgentMessage(message: unknown): message is AgentMessage {
  if (typeof message !== 'object' || message === null) {
    return false;
  }
  const { kind, url, event, alert } = message as { [Field in 'kind' | 'url' | 'event' | 'alert']?: unknown };
  switch (kind) {
    case 'watching':
    case 'flushed':
    case 'stall-ended':
      return true;
    case 'listening':
      return typeof url === 'string';
    case 'stall':
      return typeof event === 'object' && event !== null && 'stall' in event;
    case 'profile':
      return true;
    case 'collected':
      return typeof (message as { id?: unknown }).id === 'number';
    case 'tasks':
      return changeFault((message as { change?: unknown }).change) === undefined;
    case 'alert':
      return isAlert(alert);
    default:
      return false;
  }
}
