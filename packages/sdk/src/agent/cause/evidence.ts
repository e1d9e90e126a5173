// From what was found out about a stall to the numbers that its cause rests on. Pure.
import type { Monotonic } from '../../shared/clock.ts';
import type { StallEvidence } from '../../shared/stall.ts';
import type { Contention } from '../system/contention.ts';
import { type CounterReading, risenWithin } from './schedule-share.ts';
import type { ThreadState } from './thread-state.ts';

/** A thread's CPU time and its wait for one, cumulative. */
export interface ScheduleReading {
  readonly at: Monotonic;
  readonly runMs: number;
  readonly waitMs: number;
}

/** What the thread was doing at a moment, and what the kernel had done for it, cumulative. */
export interface StateReading extends ThreadState {
  readonly at: Monotonic;
}

/** What kept it from a CPU, cumulative. */
export interface ContentionReading extends Contention {
  readonly at: Monotonic;
}

/** What one capture says about the cause. */
export interface CaptureFindings {
  readonly at: Monotonic;
  readonly waitedMs: number;
  readonly late: boolean;
  readonly onQueue: boolean;
  readonly nodeCall?: string;
  /** When what it left in the queues came to run; set as it is told. */
  tickAt?: Monotonic;
  microtaskAt?: Monotonic;
}

export interface Findings {
  readonly start: Monotonic;
  /** Or the present, of a stall that is open. */
  readonly end: Monotonic;
  readonly schedule: readonly ScheduleReading[];
  readonly states: readonly StateReading[];
  readonly contention: readonly ContentionReading[];
  /** Absent while its collections are not told yet. */
  readonly gcMs?: number;
  readonly captures: readonly CaptureFindings[];
}

export function evidenceOf(findings: Findings): StallEvidence {
  const { start, end, states, contention, captures, gcMs } = findings;
  const risen = (readings: readonly CounterReading[]): number | undefined =>
    risenWithin(readings, start, end);
  const evidence: { readonly [name in keyof StallEvidence]?: number | undefined } = {
    ...scheduleOf(findings),
    sleepMs: sleptMs(states, start, end),
    systemMs: risen(states.map(({ at, systemMs }) => ({ at, ms: systemMs }))),
    throttledMs: risen(counterOf(contention, 'throttledMs')),
    pressureMs: risen(counterOf(contention, 'cpuPressureMs')),
    gcMs,
    microtaskMs: turnedOverMs(captures, start, end),
  };
  const told = Object.entries(evidence).flatMap(([name, ms]) =>
    ms === undefined ? [] : [[name, rounded(Math.min(ms, end - start))]],
  );
  const synchronousCall = commonCall(captures, start, end);
  return { ...Object.fromEntries(told), ...(synchronousCall !== undefined && { synchronousCall }) };
}

/** Each may be shared out to the stall in full where the readings lie far apart: together they fit in. */
function scheduleOf({ schedule, start, end }: Findings): Pick<StallEvidence, 'cpuMs' | 'waitMs'> {
  const cpuMs = risenWithin(
    schedule.map(({ at, runMs }) => ({ at, ms: runMs })),
    start,
    end,
  );
  const waitMs = risenWithin(
    schedule.map(({ at, waitMs: ms }) => ({ at, ms })),
    start,
    end,
  );
  if (cpuMs === undefined || waitMs === undefined) {
    return {};
  }
  const excess = Math.max(1, (cpuMs + waitMs) / (end - start));
  return { cpuMs: cpuMs / excess, waitMs: waitMs / excess };
}

/** The share of looks that found it asleep, of the stall. */
function sleptMs(states: readonly StateReading[], start: Monotonic, end: Monotonic): number | undefined {
  const seen = states.filter(({ at }) => at > start && at < end);
  const asleep = seen.filter((state) => state.asleep).length;
  return seen.length === 0 ? undefined : (asleep / seen.length) * (end - start);
}

function counterOf(
  readings: readonly ContentionReading[],
  key: 'throttledMs' | 'cpuPressureMs',
): CounterReading[] {
  return readings.flatMap((reading) => {
    const ms = reading[key];
    return ms === undefined ? [] : [{ at: reading.at, ms }];
  });
}

/** Ends of stalls are dated to some milliseconds; a queue that turns at the very end is nobody's sign. */
const toleranceMs = 10;

// After each capture in a tick or a reaction: the time between the moment at which one of its marks had
// run, so that its callback was over, and the next capture or the end. Both marks run together as a
// long callback ends, and the end of the stall follows. Not of that time is what the callback that the next
// capture met had run for by then: taken to be as long as it went on for afterwards, as is likeliest.
function turnedOverMs(
  captures: readonly CaptureFindings[],
  start: Monotonic,
  end: Monotonic,
): number | undefined {
  const punctual = captures.filter(({ late }) => !late);
  const [first] = punctual;
  if (first === undefined) {
    return undefined;
  }
  let sum = 0;
  for (const [index, { onQueue, tickAt, microtaskAt }] of punctual.entries()) {
    if (!onQueue) {
      continue;
    }
    const next = punctual[index + 1];
    const until = Math.min(next === undefined ? end : begunAt(next, end), end);
    const firstAt = Math.min(tickAt ?? until, microtaskAt ?? until);
    const secondAt = Math.max(tickAt ?? until, microtaskAt ?? until);
    const apart = Math.min(secondAt, until) - Math.min(firstAt, until);
    const alone = until - secondAt;
    sum += Math.max(0, apart) + (alone > toleranceMs ? alone : 0);
  }
  // Of the time before the first capture nothing is known: it is taken to be as the time after.
  const seen = end - first.at;
  return seen > 0 ? Math.min(sum / seen, 1) * (end - start) : 0;
}

function begunAt({ at, tickAt, microtaskAt }: CaptureFindings, end: Monotonic): Monotonic {
  const overAt = Math.min(tickAt ?? end, microtaskAt ?? end);
  return at - Math.max(0, overAt - at);
}

// Each capture speaks for the time since the one before; a late one for the wait for it.
function commonCall(
  captures: readonly CaptureFindings[],
  start: Monotonic,
  end: Monotonic,
): string | undefined {
  const spokenFor = new Map<string, number>();
  let since = start;
  for (const [index, { at, late, waitedMs, nodeCall }] of captures.entries()) {
    const until = index === captures.length - 1 && !late ? end : at;
    const ms = late ? Math.max(0, at - Math.max(at - waitedMs, since)) : until - since;
    since = at;
    if (nodeCall !== undefined && /Sync$|^node:modules /.test(nodeCall)) {
      spokenFor.set(nodeCall, (spokenFor.get(nodeCall) ?? 0) + ms);
    }
  }
  const [most] = [...spokenFor].sort(([, a], [, b]) => b - a);
  return most !== undefined && most[1] >= (end - start) / 2 ? most[0] : undefined;
}

function rounded(ms: number): number {
  return Math.max(0, Math.round(ms * 10) / 10);
}
