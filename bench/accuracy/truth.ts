// What is true of a run, and what a tool said of it. All times are milliseconds on the clock that all
// processes of the machine share.

import type { Cause } from '@loopscope/sdk/telemetry';

export type { Cause };

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Place {
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

/** A block that was made. */
export interface Block extends Span {
  readonly kind: string;
  /** The thread's id; 0 for the main one. */
  readonly thread: number;
  /** The whole stop that it is in: longer where other work of the same turn came before it or after it. */
  readonly stop: Span;
  /** Right answers to why; more than one where the block was a bit of both. */
  readonly causes: readonly Cause[];
}

export interface ThreadSpan extends Span {
  readonly thread: number;
}

/** A time in which a tool must stay silent whatever the loop's own clock says. */
export interface Forbidden extends Span {
  readonly why: 'suspended' | 'debugger';
}

/** What one tool said, once. */
export interface Report {
  readonly thread: number;
  /** When somebody outside first had it, */
  readonly reportedAt: number;
  /** and when it first came with a stack; absent where it never did. */
  readonly stackAt?: number;
  /** Where, by the tool's account, the stop lies: exactly, or within bounds that it can't narrow. */
  readonly span: Span;
  readonly exact: boolean;
  /** Absent where the tool tells none. */
  readonly durationMs?: number;
  /** The frame that the tool puts first. */
  readonly culprit?: Place;
  /** Every frame that it shows. */
  readonly stack?: readonly Place[];
  /** Whether the tool itself says that the stack may be of what came after. */
  readonly late?: boolean;
  readonly cause?: string;
}

/** One process that was watched by one tool. */
export interface Run {
  readonly tool: string;
  readonly load: string;
  readonly blocks: readonly Block[];
  /** By the loops' own clocks: from one turn to the next, where that was long. */
  readonly gaps: readonly ThreadSpan[];
  readonly forbidden: readonly Forbidden[];
  readonly reports: readonly Report[];
  /** For how long the truth is known. */
  readonly watched: Span;
  /** For how much of that it was to be quiet, in milliseconds. */
  readonly quietMs: number;
  /** The machine's load average of the last minute, as the run ended. */
  readonly machineLoad: number;
}

export function lengthOf({ start, end }: Span): number {
  return end - start;
}

export function overlapOf(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
}
