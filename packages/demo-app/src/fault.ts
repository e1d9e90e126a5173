// What a fault is: the server mounts it, the runner drives it and judges what was reported.

/** A way to spoil an event loop, as real services do, switched on by one request. */
export interface Fault {
  readonly name: string;
  /** What goes wrong, for people. */
  readonly title: string;
  /** Express's route template. */
  readonly route: string;
  /** A path that matches the route. */
  readonly path: string;
  /** What a report has to say of it. */
  readonly expected: string;
  /** The code to blame; absent for faults that leave the loop free. */
  readonly culprit?: { readonly function: string; readonly file: string };
  /**
   * Does the harm for about `ms`. What a fault that blocks returns may be awaited, and settles
   * before the loop turns.
   */
  run(ms: number): unknown;
  /** Gives back what the fault leaked, at the end of the process. */
  release?(): void;
}

/** A fault that stops the loop. */
export type BlockingFault = Fault & Required<Pick<Fault, 'culprit'>>;

export function isBlocking(fault: Fault): fault is BlockingFault {
  return fault.culprit !== undefined;
}
