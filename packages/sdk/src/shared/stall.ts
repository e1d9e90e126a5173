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

/**
 * Why the loop did not turn. `cpu`: the thread computed; `gc`: most of it was garbage collection;
 * `sync-io`: it waited inside a synchronous call, or was in Node's synchronous functions for files and
 * processes; `microtasks`: ticks or promise reactions queued one another and never let the loop turn;
 * `starved`: it got no CPU, for want of one or by a quota; `unknown`: the evidence does not tell.
 */
export type Cause = 'cpu' | 'gc' | 'sync-io' | 'microtasks' | 'starved' | 'unknown';

/**
 * The numbers that a cause rests on, in milliseconds of the stall. What the system does not tell is
 * absent. Readings are milliseconds apart, so sums may miss the stall's length by a few.
 */
export interface StallEvidence {
  /** For which the thread was on a CPU, the kernel's work for it included; Linux only. */
  readonly cpuMs?: number;
  /** For which it was ready to run and waited for a CPU; Linux only. */
  readonly waitMs?: number;
  /** For which it slept: it waited for something other than a CPU; by the share of looks at it; Linux only. */
  readonly sleepMs?: number;
  /** Of `cpuMs`, what the kernel did for it; read in steps of 10 ms; Linux only. */
  readonly systemMs?: number;
  /** For which the process's control group was held back by its CPU limit, summed over CPUs; Linux only. */
  readonly throttledMs?: number;
  /** For which anything of its control group, or else of the machine, waited for a CPU; Linux only. */
  readonly pressureMs?: number;
  /** Of garbage collections on the thread. They are told after the stall: absent while it is open. */
  readonly gcMs?: number;
  /** In which the queue of ticks or of promise reactions turned over while the loop did not. */
  readonly microtaskMs?: number;
  /** The synchronous function of Node that most of the stall was in, such as `node:fs readFileSync`. */
  readonly synchronousCall?: string;
}

/** The HTTP request in whose context the loop was blocked. No path, query or header: DESIGN 11. */
export interface StalledRequest {
  /** Such as `GET`. */
  readonly method: string;
  /** The framework's route template, such as `/orders/:id`. */
  readonly route?: string;
}

/** The span in whose context the loop was blocked. */
export interface StalledSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether its trace is recorded, and what is said of it may be too. */
  readonly sampled: boolean;
}

/** The frame to blame: the application's innermost one, or a package's where there is none. */
export interface Culprit {
  /** Its name; empty where it has none. */
  readonly function: string;
  /** As in `Frame`, mapped by the source map where there is one. */
  readonly file: string;
  /** From 1; 0 where it is not known. */
  readonly line: number;
  /** From 1; 0 where it is not known. */
  readonly column: number;
  /** The package under `node_modules` that it belongs to; absent for the application's own code. */
  readonly package?: string;
  /** Whether all evidence for it came late (see `Capture.late`); false where a CPU profile names it. */
  readonly late: boolean;
}

/** A function in which a stall's time was spent. */
export interface ProfiledFunction {
  /** Its name, or V8's word for what is none, such as `(garbage collector)`. */
  readonly function: string;
  /** As in `Frame`. */
  readonly file: string;
  /** Of the line that most samples were in, from 1; 0 where it is not known. */
  readonly line: number;
  /** Milliseconds in it itself, or in the native function that it called. */
  readonly selfMs: number;
  /** The native function that it called, where V8 names it. */
  readonly native?: string;
}

/** What the CPU profile tells of a stall. */
export interface StallProfile {
  /** How many samples were taken in it. */
  readonly samples: number;
  /** Where most of the time was spent: at most 10, longest first. */
  readonly functions: readonly ProfiledFunction[];
  /** The same by package; `node` is Node itself, and what is in none is the application's: at most 10. */
  readonly packages: readonly { readonly package: string; readonly selfMs: number }[];
}

/**
 * Who waited: the server requests that were in flight as the loop stood still, the one that blocked it
 * among them. Those that arrived meanwhile wait unread in their sockets and are not seen, so the figures
 * are lower bounds.
 */
export interface StallVictims {
  /** How many there were. */
  readonly requests: number;
  /** Milliseconds that all of them lost together. */
  readonly lostMs: number;
}

/** Which application thread; `id` is 0 and `name` is `main` for the main thread. */
export interface ThreadIdentity {
  /** Node's `threadId`. */
  readonly id: number;
  /** The label of its metrics. */
  readonly name: string;
}

/** A period of at least the threshold in which a thread's event loop did not turn. */
export interface Stall {
  /** Unique within the process. */
  readonly id: string;
  /** Whose loop it was. */
  readonly thread: ThreadIdentity;
  /** `closed` when it has ended and all its evidence has come: at most a turn of the loop, or 250 ms, later. */
  readonly state: 'open' | 'closed';
  /** Of the process's life, as it began. */
  readonly phase: Phase;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Its whole length when closed, its age when open; time spent suspended is not in it. */
  readonly durationMs: number;
  /** Milliseconds within it in which the whole process was suspended. */
  readonly suspendedMs: number;
  /** True when a debugger could pause the thread: such stalls are listed and not counted. */
  readonly inspectorOpen: boolean;
  /** Absent while there is no stack, and where no stack shows code to blame. */
  readonly culprit?: Culprit;
  /** Equal for stalls of the same culprit, across processes and deploys. */
  readonly fingerprint?: string;
  /** The request that the blocking code worked for, where one is known. */
  readonly request?: StalledRequest;
  /** The OpenTelemetry span that was active in it. */
  readonly span?: StalledSpan;
  /** The verdict on the evidence so far; final in the `closed` event. */
  readonly cause: Cause;
  /** What the cause rests on. */
  readonly evidence: StallEvidence;
  /** One sentence on what to do about this cause at this place. */
  readonly advice: string;
  /** Who waited meanwhile. */
  readonly victims: StallVictims;
  /** Known once it is over, where `profile` is on. */
  readonly profile?: StallProfile;
  /** In the order in which they were taken. */
  readonly captures: readonly Capture[];
}

/**
 * `opened` when the threshold passes, `updated` when a stack arrives, `closed` once it has ended and its
 * evidence is complete, a turn of the loop later.
 */
export interface StallEvent {
  /** Which of the three it is. */
  readonly type: 'opened' | 'updated' | 'closed';
  /** The stall as it is known now. */
  readonly stall: Stall;
}
