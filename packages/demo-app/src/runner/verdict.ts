// Whether what was reported during a fault is what happened.
import type { Culprit } from '@loopscope/sdk/telemetry';
import { type Fault, isBlocking } from '../fault.ts';
import type { SeenStall } from './stall-feed.ts';

/** What the runner knows of a fault that it switched on. */
export interface Drive {
  /** How long the loop stood still at a time, by the service's own clock. */
  readonly pausedMs: number;
  /** The trace that the runner's request began. */
  readonly traceId: string;
}

export interface Verdict {
  readonly fault: Fault;
  readonly drive: Drive;
  /** The stall to show: the one that names the culprit, else the longest; undefined for none. */
  readonly seen: SeenStall | undefined;
  /** `named` and `quiet` are right; `missed` and `false-stall` are not. */
  readonly outcome: 'named' | 'quiet' | 'missed' | 'false-stall';
}

// Two clocks of some 10 ms each, on a machine that may be busy: what the service felt for at least
// this share of a reported stall did happen.
const feltShare = 0.5;

/** Judges a fault by the stalls that overlap it. */
export function judge(fault: Fault, drive: Drive, stalls: readonly SeenStall[]): Verdict {
  const longest = stalls.toSorted((a, b) => b.stall.durationMs - a.stall.durationMs)[0];
  if (isBlocking(fault)) {
    const named = stalls.find(({ stall }) => isCulprit(fault.culprit, stall.culprit));
    return { fault, drive, seen: named ?? longest, outcome: named ? 'named' : 'missed' };
  }
  // On a starved machine the loop can stand still by itself: then the service saw it too.
  const isFalse = longest !== undefined && drive.pausedMs < longest.stall.durationMs * feltShare;
  return { fault, drive, seen: longest, outcome: isFalse ? 'false-stall' : 'quiet' };
}

export function isRight({ outcome }: Verdict): boolean {
  return outcome === 'named' || outcome === 'quiet';
}

function isCulprit(expected: { function: string; file: string }, reported: Culprit | undefined): boolean {
  return reported?.function === expected.function && reported.file === expected.file;
}
