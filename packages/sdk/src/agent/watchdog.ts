// Decides from ticks alone whether a loop is stalled. Pure: it is told the time, the tick count and
// the answers of captures, and says what to do. One for each thread.
//
// The agent looks now and then and knows the last tick's time between two bounds, `tickAfter` and
// `tickBefore` (tick-clock.ts). A block begins somewhere between that tick and the one that failed to
// come, a heartbeat later. So when the loop has been quiet
// for what may be the threshold, a capture is asked for: its utilization reading dates the start to
// about a millisecond on a loop that was idle, and to a heartbeat on a busy one. A native call can't
// answer; its stall opens when the quiet is longer than the threshold whatever the start was.
import type { Monotonic } from '../shared/clock.ts';
import { type TickBounds, TickClock } from './tick-clock.ts';

export type WatchdogAction =
  /** The loop may be blocked: take a stack. */
  | { readonly kind: 'capture' }
  | { readonly kind: 'open'; readonly start: Monotonic }
  | { readonly kind: 'close'; readonly end: Monotonic };

/** Between two datings of ticks on which nothing depends, in milliseconds. */
const datingMs = 1000;

/** Ages of a stall, in thresholds, at which its stack is taken again: few, however long it lasts. */
const captureAges: readonly number[] = [2, 4, 16, 64, 256, 1024];

/** The two looks between which so many ticks came. */
interface Looks extends TickBounds {
  readonly ticks: number;
}

export class Watchdog {
  readonly #thresholdMs: number;
  readonly #heartbeatMs: number;
  #count = 0;
  readonly #tickClock = new TickClock();
  #hasTurned = false;
  /** When a tick was last dated by the sum of intervals. */
  #datedAt: Monotonic = Number.NEGATIVE_INFINITY;
  /** The last tick, where it was not dated. */
  #undated: Looks | undefined;
  #lookedAt: Monotonic;
  /** The look that saw the last tick. */
  #tickSeenAt: Monotonic;
  #tickAfter: Monotonic;
  #tickBefore: Monotonic;
  /** By the answer of a capture within this quiet; undefined while there is none. */
  #datedStart: Monotonic | undefined;
  #openSince: Monotonic | undefined;
  /** Captures asked for in this quiet. */
  #asked = 0;
  #answeredAt: Monotonic = Number.NEGATIVE_INFINITY;
  /** Milliseconds for which the loop has been seen to tick, in all. */
  #tickedMs = 0;

  constructor(thresholdMs: number, heartbeatMs: number, since: Monotonic) {
    this.#thresholdMs = thresholdMs;
    this.#heartbeatMs = heartbeatMs;
    this.#lookedAt = since;
    this.#tickSeenAt = since;
    this.#tickAfter = since;
    this.#tickBefore = since;
  }

  /** Whether the loop has turned at all. */
  get hasTurned(): boolean {
    return this.#hasTurned;
  }

  /** Milliseconds for which the loop has been seen to turn since its start. */
  get tickedMs(): number {
    return this.#tickedMs;
  }

  /** The look that saw the last tick: it changes as a quiet ends and another may begin. */
  get tickSeenAt(): Monotonic {
    return this.#tickSeenAt;
  }

  /** Whether the last look found the loop quiet for longer than a healthy one is. */
  get quiet(): boolean {
    return this.#lookedAt - this.#tickSeenAt >= 2 * this.#heartbeatMs;
  }

  /** Milliseconds until the next look: two heartbeats, so that each expects a tick; few while none comes. */
  get restMs(): number {
    return this.quiet ? Math.min(5, this.#heartbeatMs / 2) : 2 * this.#heartbeatMs;
  }

  /**
   * What follows from the tick count at this moment, in order. `intervalsMs` gives the sum of all
   * intervals between ticks so far, and is asked now and then.
   */
  look(now: Monotonic, count: number, intervalsMs: () => number): readonly WatchdogAction[] {
    const actions =
      count === this.#count ? this.#onQuiet(now, intervalsMs) : this.#onTick(now, count, intervalsMs);
    this.#lookedAt = now;
    return actions;
  }

  #onTick(now: Monotonic, count: number, intervalsMs: () => number): readonly WatchdogAction[] {
    const ticks = count - this.#count;
    const looks = { after: this.#lookedAt, before: now, ticks };
    // Dated where it matters, as a quiet ends or may have come and gone while the agent got no CPU to look,
    // and now and then to keep the clock set: the sum takes the agent 0.1 ms to read. Any other tick is
    // dated if a quiet follows it.
    const unseen = now - this.#lookedAt >= this.#thresholdMs;
    const dated = this.quiet || unseen || now - this.#datedAt >= datingMs;
    const tick = dated ? this.#date(looks, now, intervalsMs) : looks;
    this.#undated = dated ? undefined : looks;
    // The middle halves the error. Of several ticks, a stall ended with the first.
    const end = (tick.after + tick.before) / 2 - (ticks - 1) * this.#heartbeatMs;
    this.#tickedMs += ticks * this.#heartbeatMs;
    this.#count = count;
    return this.#endQuiet(end, tick, now);
  }

  #endQuiet(end: Monotonic, tick: TickBounds, now: Monotonic): readonly WatchdogAction[] {
    const actions: WatchdogAction[] = [];
    if (this.#openSince === undefined) {
      // A block that no look found long enough, because it answered only as it ended.
      const start = this.#datedStart ?? this.#tickBefore;
      if (end - start >= this.#thresholdMs) {
        actions.push({ kind: 'open', start }, { kind: 'close', end });
      }
    } else {
      actions.push({ kind: 'close', end });
    }
    this.#beginQuiet(tick, now);
    return actions;
  }

  #beginQuiet(tick: TickBounds, now: Monotonic): void {
    this.#hasTurned = true;
    this.#tickAfter = tick.after;
    this.#tickBefore = tick.before;
    this.#tickSeenAt = now;
    this.#datedStart = undefined;
    this.#openSince = undefined;
    this.#asked = 0;
  }

  /** The loop is known to have turned for the first time, before a tick could be counted. */
  turned(at: Monotonic): readonly WatchdogAction[] {
    return this.#hasTurned ? [] : this.#endQuiet(at, { after: at, before: at }, at);
  }

  /** The thread was idle then, though its loop did not turn (parking.ts): ends a stall, and is none. */
  parked(at: Monotonic): readonly WatchdogAction[] {
    const actions: readonly WatchdogAction[] =
      this.#openSince === undefined ? [] : [{ kind: 'close', end: at }];
    this.#undated = undefined;
    this.#lookedAt = at;
    this.#beginQuiet({ after: at, before: at }, at);
    // What comes next begins here: no tick was to come first.
    this.#datedStart = at;
    return actions;
  }

  #date(looks: Looks, now: Monotonic, intervalsMs: () => number): TickBounds {
    this.#datedAt = now;
    // Short by a millisecond of libuv's clock, and by more on a busy loop: the clock finds that out.
    const othersMs = (looks.ticks - 1) * (this.#heartbeatMs - 1);
    return this.#tickClock.date(intervalsMs(), looks, othersMs);
  }

  #onQuiet(now: Monotonic, intervalsMs: () => number): readonly WatchdogAction[] {
    if (this.#undated !== undefined && now - this.#tickSeenAt >= 2 * this.#heartbeatMs) {
      const tick = this.#date(this.#undated, now, intervalsMs);
      this.#tickAfter = tick.after;
      this.#tickBefore = tick.before;
      this.#undated = undefined;
    }
    if (this.#openSince !== undefined) {
      return this.#captureIfDue(now, this.#openSince);
    }
    const start = this.#startIfStalled(now);
    if (start !== undefined) {
      this.#openSince = start;
      return this.#asked === 0 ? [{ kind: 'open', start }, ...this.#ask()] : [{ kind: 'open', start }];
    }
    return this.#asked === 0 && now - this.#tickAfter >= this.#thresholdMs ? this.#ask() : [];
  }

  #startIfStalled(now: Monotonic): Monotonic | undefined {
    if (this.#datedStart !== undefined) {
      return now - this.#datedStart >= this.#thresholdMs ? this.#datedStart : undefined;
    }
    return now - this.#tickBefore >= this.#thresholdMs + this.#heartbeatMs ? this.#tickBefore : undefined;
  }

  #captureIfDue(now: Monotonic, start: Monotonic): readonly WatchdogAction[] {
    const age = captureAges[this.#asked - 1];
    // One that fell due during a native call would only show again where that call was left.
    const rested = now - this.#answeredAt >= this.#thresholdMs;
    return age !== undefined && rested && now - start >= age * this.#thresholdMs ? this.#ask() : [];
  }

  #ask(): readonly WatchdogAction[] {
    this.#asked += 1;
    return [{ kind: 'capture' }];
  }

  /** A capture answered from within this quiet. Returns the better start of the stall in progress. */
  answered(at: Monotonic, activeMs: number): Monotonic | undefined {
    this.#answeredAt = at;
    // Before the loop's first turn there is no reading, and just after it, it covers that turn only. An
    // answer to a quiet that has ended dates nothing.
    if (activeMs <= 0 || !this.#hasTurned || at < this.#tickBefore) {
      return undefined;
    }
    // The loop had not turned by then, so what ticks next does so after it.
    this.#lookedAt = Math.max(this.#lookedAt, at);
    if (this.#datedStart !== undefined) {
      return undefined;
    }
    // A reading that reaches back before the last tick covers work from before the block, which began
    // between that tick and the one that failed to come: the middle halves the error.
    const read = at - activeMs;
    const latest = Math.min(at, this.#tickBefore + this.#heartbeatMs);
    this.#datedStart = read < this.#tickAfter ? (this.#tickAfter + latest) / 2 : Math.min(read, latest);
    if (this.#openSince === undefined) {
      return undefined;
    }
    // It was opened because nothing ticked for the threshold, and stays one: a loop that waited for a CPU
    // was not active.
    this.#datedStart = Math.min(this.#datedStart, at - this.#thresholdMs);
    this.#openSince = this.#datedStart;
    return this.#datedStart;
  }

  /** The whole process stood still for so long: no evidence of anything. */
  suspended(gapMs: number): void {
    // The last tick is moved with the rest, and can't be dated any more.
    this.#undated = undefined;
    this.#lookedAt += gapMs;
    this.#tickSeenAt += gapMs;
    this.#tickAfter += gapMs;
    this.#tickBefore += gapMs;
    if (this.#datedStart !== undefined) {
      this.#datedStart += gapMs;
    }
    if (this.#openSince !== undefined) {
      this.#openSince += gapMs;
    }
  }
}
