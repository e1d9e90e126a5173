// All stalls of the process: those in progress, the latest closed ones, and what they add up to.
// The only writer of Stall objects; readers get immutable ones.
import type { Monotonic } from '../shared/clock.ts';
import { wallTimeAt } from '../shared/clock.ts';
import type {
  Frame,
  Phase,
  Stall,
  StallEvent,
  StalledRequest,
  StalledSpan,
  StallVictims,
  ThreadIdentity,
} from '../shared/stall.ts';
import { adviceFor } from './cause/advice.ts';
import { causeOf } from './cause/cause.ts';
import { type CaptureFindings, evidenceOf } from './cause/evidence.ts';
import type { Gather } from './cause/evidence-log.ts';
import { culpritOf } from './culprit.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ProfileFindings } from './profile/findings.ts';

const mostKept = 100;

export interface OpenCapture extends CaptureFindings {
  /** Set anew where a source map is learned of later. */
  frames: readonly Frame[];
}

/** What is known of a stall in progress. */
export interface OpenStall {
  readonly id: string;
  readonly thread: ThreadIdentity;
  start: Monotonic;
  /** Set at its end. */
  end: Monotonic | undefined;
  phase: Phase;
  suspendedMs: number;
  inspectorOpen: boolean;
  span: StalledSpan | undefined;
  request: StalledRequest | undefined;
  readonly captures: OpenCapture[];
  /** Server requests in flight. */
  readonly requests: number;
  /** Gathers what its cause can be told from. */
  findings: Gather;
  /** Comes after its end, if it comes. */
  profile: ProfileFindings | undefined;
}

export interface LedgerParts {
  readonly now: () => Monotonic;
  /** Called with each event; the last one of a stall is `closed`. */
  readonly publish: (event: StallEvent) => void;
}

export class StallLedger {
  readonly #parts: LedgerParts;
  readonly #open = new Set<OpenStall>();
  /** Over, and their evidence is still to come. */
  readonly #ended = new Set<OpenStall>();
  #closed: Stall[] = [];
  #count = 0;
  readonly #victims = new Map<ThreadIdentity['id'], StallVictims>();
  readonly #totalMs = new Map<string, { thread: ThreadIdentity; phase: Phase; ms: number }>();

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  open(facts: Omit<OpenStall, 'id' | 'end' | 'suspendedMs' | 'profile'>): OpenStall {
    this.#count += 1;
    const id = String(this.#count);
    const stall: OpenStall = { ...facts, id, end: undefined, suspendedMs: 0, profile: undefined };
    this.#open.add(stall);
    this.#publish('opened', stall);
    return stall;
  }

  updated(stall: OpenStall): void {
    this.#publish('updated', stall);
  }

  /** It is over: no longer in progress, and counted. Some of its evidence is still to come. */
  end(stall: OpenStall, end: Monotonic): void {
    stall.end = Math.max(end, stall.start);
    this.#open.delete(stall);
    this.#ended.add(stall);
    if (!stall.inspectorOpen) {
      // By name: ids of worker threads go on for ever.
      const key = `${stall.thread.name} ${stall.phase}`;
      const total = this.#totalMs.get(key) ?? { thread: stall.thread, phase: stall.phase, ms: 0 };
      const durationMs = rounded(stall.end - stall.start);
      total.ms += durationMs;
      this.#totalMs.set(key, total);
      this.#addVictims(stall, durationMs);
    }
  }

  #addVictims({ thread, requests }: OpenStall, durationMs: number): void {
    const victims = this.#victims.get(thread.id) ?? { requests: 0, lostMs: 0 };
    this.#victims.set(thread.id, {
      requests: victims.requests + requests,
      lostMs: victims.lostMs + requests * durationMs,
    });
  }

  /** Requests of a thread that closed stalls kept waiting, and what they lost. */
  victims(thread: ThreadIdentity): StallVictims {
    return this.#victims.get(thread.id) ?? { requests: 0, lostMs: 0 };
  }

  /** All that will be known of a stall that has ended is known. */
  close(stall: OpenStall): void {
    this.#ended.delete(stall);
    const closed = this.#publish('closed', stall);
    this.#closed = [closed, ...this.#closed].slice(0, mostKept);
  }

  #publish(type: StallEvent['type'], stall: OpenStall): Stall {
    const published = this.#present(stall, type === 'closed' ? 'closed' : 'open');
    this.#parts.publish({ type, stall: published });
    return published;
  }

  /**
   * Stalls in progress first, then closed ones, newest first. One that is over is shown as closed when all
   * of its evidence has come, so that what is closed here is counted everywhere.
   */
  list(): readonly Stall[] {
    const open = [...this.#open].map((stall) => this.#present(stall)).reverse();
    const ended = [...this.#ended].map((stall) => this.#present(stall)).reverse();
    return [...open, ...ended, ...this.#closed].slice(0, this.#open.size + mostKept);
  }

  /** Stalls in progress, as they are now. */
  inProgress(): readonly Stall[] {
    return [...this.#open].map((stall) => this.#present(stall));
  }

  /** Milliseconds lost by thread and phase to closed stalls that count. */
  totals(): Iterable<{ readonly thread: ThreadIdentity; readonly phase: Phase; readonly ms: number }> {
    return this.#totalMs.values();
  }

  #present(stall: OpenStall, state: Stall['state'] = 'open'): Stall {
    const captures = stall.captures.map(({ at, waitedMs, late, frames }) => ({
      afterMs: rounded(at - stall.start),
      waitedMs: rounded(waitedMs),
      late,
      frames,
    }));
    const until = stall.end ?? this.#parts.now();
    const durationMs = rounded(until - stall.start);
    const culprit = culpritOf(captures, durationMs, stall.profile?.culprit?.frame);
    const evidence = evidenceOf(stall.findings(stall, until));
    const seenRunning = captures.some(({ late }) => !late);
    const { inspectorOpen } = stall;
    const cause = causeOf({ evidence, durationMs, inspectorOpen, seenRunning });
    return {
      id: stall.id,
      thread: stall.thread,
      state,
      phase: stall.phase,
      startedAt: Math.round(wallTimeAt(stall.start - stall.suspendedMs)),
      durationMs,
      suspendedMs: rounded(stall.suspendedMs),
      inspectorOpen,
      ...(culprit && { culprit, fingerprint: fingerprintOf(culprit) }),
      ...(stall.request && { request: stall.request }),
      ...(stall.span && { span: stall.span }),
      victims: { requests: stall.requests, lostMs: rounded(stall.requests * durationMs) },
      cause,
      evidence,
      advice: adviceFor(cause, evidence, culprit),
      ...(stall.profile && { profile: stall.profile.profile }),
      captures,
    };
  }
}

// Microseconds would claim a precision that the heartbeat has not.
function rounded(ms: number): number {
  return Math.max(0, Math.round(ms * 10) / 10);
}
