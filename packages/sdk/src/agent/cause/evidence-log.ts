// Gathers the evidence of one thread as it is looked at: few readings while the loop ticks, so that
// they cost nothing to speak of, and from the first look on that finds it quiet.
import type { Monotonic } from '../../shared/clock.ts';
import type { GcEntry } from '../../shared/messages.ts';
import type { Contention } from '../system/contention.ts';
import type { ThreadSchedule } from '../thread-schedule.ts';
import type { ContentionReading, Findings, ScheduleReading, StateReading } from './evidence.ts';
import { GcLog } from './gc-log.ts';
import type { ThreadState } from './thread-state.ts';

/** Between two readings while the loop ticks, in milliseconds, */
const calmMs = 200;
/** and while it does not. */
const quietMs = 20;
/** Kept of a quiet: past that, every second is forgotten. */
const mostStates = 64;
/** Collections are told within a turn of the loop; what ended so long ago belongs to no stall. */
const gcAgeMs = 2000;

export interface EvidenceSources {
  /** Of the thread; undefined where the system does not tell. */
  readonly schedule: () => ThreadSchedule | undefined;
  /** Of the thread, likewise. */
  readonly state: () => ThreadState | undefined;
  readonly contention: () => Contention;
}

/** Gathers what is known of a stall up to a moment. */
export type Gather = (stall: Pick<Findings, 'start' | 'captures'>, until: Monotonic) => Findings;

export class EvidenceLog {
  readonly #sources: EvidenceSources;
  readonly #gc = new GcLog();
  /** The last before the quiet, the first within it, and the two latest: however long it lasts. */
  #schedule: ScheduleReading[] = [];
  #contention: ContentionReading[] = [];
  /** Of the present quiet, and the last before it. */
  #states: StateReading[] = [];
  #readAt: Monotonic = Number.NEGATIVE_INFINITY;
  #quiet = false;
  /** Whether the last look found the end of a quiet. */
  #ended = false;

  constructor(sources: EvidenceSources) {
    this.#sources = sources;
  }

  /** To be told of each look, before anything is judged by it. */
  looked(now: Monotonic, ticked: boolean, longSinceLook: boolean): void {
    if (this.#ended) {
      // The next stall may have begun at once: what was read at the end is its last before.
      this.#ended = false;
      this.#schedule = this.#schedule.slice(-1);
      this.#contention = this.#contention.slice(-1);
      this.#states = this.#states.slice(-1);
    }
    if (ticked && !this.#quiet && !longSinceLook) {
      if (now - this.#readAt >= calmMs) {
        this.#schedule = [];
        const limited = (this.#contention.at(-1)?.throttledMs ?? 0) > 0;
        this.#contention = [];
        this.#read(now, limited);
        this.#gc.forgetBefore(now - gcAgeMs);
      }
      return;
    }
    if (ticked || !this.#quiet || now - this.#readAt >= quietMs) {
      this.#read(now);
    }
    this.#readState(now);
    this.#ended = ticked;
    this.#quiet = !ticked;
  }

  /** The thread is idle: to be told of each such look, instead of the above. What comes next begins here. */
  parked(now: Monotonic): void {
    if (this.#quiet) {
      this.looked(now, true, false);
      return;
    }
    this.#ended = false;
    this.#schedule = [];
    this.#states = [];
    this.#read(now, false);
  }

  #read(now: Monotonic, contentionToo: boolean = true): void {
    this.#readAt = now;
    const schedule = this.#sources.schedule();
    if (schedule !== undefined) {
      push(this.#schedule, { at: now, ...schedule });
    }
    if (contentionToo) {
      push(this.#contention, { at: now, ...this.#sources.contention() });
    }
  }

  // At each look while it is quiet: what the thread was doing shows by the share of looks.
  #readState(now: Monotonic): void {
    const state = this.#sources.state();
    if (state !== undefined) {
      this.#states.push({ at: now, ...state });
    }
    if (this.#states.length > mostStates) {
      this.#states = this.#states.filter((_, index) => index % 2 === 0 || index === mostStates);
    }
  }

  collected(entries: readonly GcEntry[]): void {
    this.#gc.add(entries);
  }

  /** The evidence of a stall in progress, at whatever moment it is asked for. */
  present(): Gather {
    return ({ start, captures }, until) => ({
      start,
      end: until,
      captures,
      schedule: this.#schedule,
      states: this.#states,
      contention: this.#contention,
    });
  }

  /** Of one that has just ended: the readings of the next leave it alone; its collections may follow. */
  frozen(): Gather {
    const schedule = [...this.#schedule];
    const states = [...this.#states];
    const contention = [...this.#contention];
    return ({ start, captures }, until) => {
      const gcMs = this.#gc.within(start, until);
      return { start, end: until, captures, schedule, states, contention, gcMs };
    };
  }

  /** The process stood still for so long: what was before moves towards what comes after. */
  suspended(gapMs: number): void {
    const moved = <Reading extends { readonly at: Monotonic }>(all: readonly Reading[]): Reading[] =>
      all.map((each) => ({ ...each, at: each.at + gapMs }));
    this.#schedule = moved(this.#schedule);
    this.#contention = moved(this.#contention);
    this.#states = moved(this.#states);
  }
}

function push<Reading>(readings: Reading[], reading: Reading): void {
  readings.push(reading);
  if (readings.length > 5) {
    readings.splice(2, 1);
  }
}
