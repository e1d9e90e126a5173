// How much of a thread's requests it would be better off without. Pure; told of each look at it.
//
// An overloaded loop still turns, but each turn takes long, for all that has arrived meanwhile waits in it: so the time
// between two ticks is what every request waits. A threshold that sheds all or nothing makes that time swing. Here the share
// of refused requests moves by as much as the turns are off their target, and comes to rest where the loop just keeps
// up. Entered at one length of turn and left at another, it does not start for a single slow turn of a healthy loop.
import type { Monotonic } from '../shared/clock.ts';
import { mostShare, overloadWord } from '../shared/overload.ts';

/** Of the average that the length of turns is taken over. */
const averageMs = 400;
/** Lengths of turns, or of two heartbeats where those are longer. */
const enterMs = 100;
const targetMs = 60;
const leaveMs = 40;
/** Thousandths in a second, for turns that are off by the whole target. */
const gain = 400;
const mostError = 2;
const stalledForMs = 1000;

export interface LoopLook {
  /** Ticks of the heartbeat since the last look. */
  readonly ticks: number;
  readonly heartbeatMs: number;
  /** Whether a stall is in progress. */
  readonly stalled: boolean;
  readonly poolSaturated: boolean;
}

export class Overload {
  #at: Monotonic | undefined;
  /** Ticks in a millisecond, averaged. */
  #rate: number | undefined;
  #active = false;
  #loopShare = 0;
  #poolShare = 0;
  #stalledAt: Monotonic = Number.NEGATIVE_INFINITY;

  /** The word that says it, 0 while all is well. */
  looked(now: Monotonic, { ticks, heartbeatMs, stalled, poolSaturated }: LoopLook): number {
    const elapsedMs = now - (this.#at ?? now);
    this.#at = now;
    if (stalled) {
      this.#stalledAt = now;
    }
    if (elapsedMs <= 0) {
      return this.#word(now);
    }
    const weight = 1 - Math.exp(-elapsedMs / averageMs);
    const rate = this.#rate ?? 1 / heartbeatMs;
    this.#rate = rate + (ticks / elapsedMs - rate) * weight;
    // Its own heartbeat is the least that can be told.
    const turnMs = 1 / Math.max(this.#rate, 1e-6) - heartbeatMs;
    this.#active = turnMs > enterMs || (this.#active && (turnMs > leaveMs || this.#loopShare > 0));
    const error = this.#active ? Math.min(mostError, (turnMs - targetMs) / targetMs) : -1;
    this.#loopShare = moved(this.#loopShare, error, elapsedMs);
    this.#poolShare = moved(this.#poolShare, poolSaturated ? 1 : -1, elapsedMs);
    return this.#word(now);
  }

  #word(now: Monotonic): number {
    if (this.#poolShare > this.#loopShare) {
      return overloadWord(Math.round(this.#poolShare), 'threadpool');
    }
    const stalled = now - this.#stalledAt <= stalledForMs;
    return overloadWord(Math.round(this.#loopShare), stalled ? 'stalled' : 'saturated');
  }

  /** The whole process stood still for so long. */
  suspended(gapMs: number): void {
    this.#at = this.#at === undefined ? undefined : this.#at + gapMs;
  }
}

function moved(share: number, error: number, elapsedMs: number): number {
  return Math.min(mostShare, Math.max(0, share + (gain * error * elapsedMs) / 1000));
}
