// A stall as it is reported: plain, immutable data that may cross threads and leave as JSON.

/**
 * Where in the process's life a stall began. `startup`: before the loop has turned for good;
 * `running`: while it serves; `exiting`: in the application's `exit` listeners.
 */
export type Phase = 'startup' | 'running' | 'exiting';

/** One call site of a captured stack. */
export interface Frame {
  /** The function's name; empty where it has none. */
  readonly function: string;
  /** A path, or a `node:` name. `file:` URLs are made paths; empty where V8 knows no script. */
  readonly file: string;
  /** From 1; 0 where it is not known. */
  readonly line: number;
  /** From 1; 0 where it is not known. */
  readonly column: number;
  /** Its place in the stack as it was: 0 is the innermost. */
  readonly depth: number;
  /** Whose code it is: the application's own, a package's under `node_modules`, or Node's. */
  readonly origin: 'application' | 'dependency' | 'node';
}

/** One stack taken during a stall. */
export interface Capture {
  /** Milliseconds from the stall's start to the moment at which the stack was taken. */
  readonly afterMs: number;
  /** Milliseconds for which it had been asked for by then: a native call answers at its end. */
  readonly waitedMs: number;
  /**
   * True when the stack could only be taken as the blocking native call returned: its frames then
   * show where the loop went next, and may miss the culprit.
   */
  readonly late: boolean;
  /** The application's own frames first, then packages', then Node's; at most 50. */
  readonly frames: readonly Frame[];
}

/** The HTTP request in whose context the loop was blocked. No path, query or header: DESIGN 11. */
export interface StalledRequest {
  readonly method: string;
  /** The framework's route template, such as `/orders/:id`. */
  readonly route?: string;
}

/** The span in whose context the loop was blocked. */
export interface StalledSpan {
  readonly traceId: string;
  readonly spanId: string;
}

/** The frame to blame: the application's innermost one, or a package's where there is none. */
export interface Culprit {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The package under `node_modules` that it belongs to; absent for the application's own code. */
  readonly package?: string;
  /** Whether all evidence for it came late (see `Capture.late`). */
  readonly late: boolean;
}

/** Which application thread; `id` is 0 and `name` is `main` for the main thread. */
export interface ThreadIdentity {
  readonly id: number;
  readonly name: string;
}

/** A period of at least the threshold in which a thread's event loop did not turn. */
export interface Stall {
  /** Unique within the process. */
  readonly id: string;
  readonly thread: ThreadIdentity;
  readonly state: 'open' | 'closed';
  readonly phase: Phase;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Its whole length when closed, its age when open; time spent suspended is not in it. */
  readonly durationMs: number;
  /** Milliseconds within it in which the whole process was suspended. */
  readonly suspendedMs: number;
  /** True when a debugger could pause the thread: such stalls are listed and not counted. */
  readonly inspectorOpen: boolean;
  readonly culprit?: Culprit;
  /** Equal for stalls of the same culprit, across processes and deploys. */
  readonly fingerprint?: string;
  readonly request?: StalledRequest;
  readonly span?: StalledSpan;
  /** In the order in which they were taken. */
  readonly captures: readonly Capture[];
}

/** `opened` when the threshold passes, `updated` when a stack arrives, `closed` at its end. */
export interface StallEvent {
  readonly type: 'opened' | 'updated' | 'closed';
  readonly stall: Stall;
}
