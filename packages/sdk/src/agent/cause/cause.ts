// The verdict on a stall: a pure function over its evidence. What took most of its time decides, and
// what kept the thread from working at all is asked first.
import type { Cause, StallEvidence } from '../../shared/stall.ts';

/** Synchronous functions that are input and output, however much of it the kernel did on the CPU. */
const synchronousIo = /^node:(fs|child_process) /;

/**
 * Of the duration. Code that allocates spends the rest of its time on allocating, so less than half of it
 * is enough where JavaScript was seen to run; a native call that collects is itself what takes long.
 */
const gcShare = 0.4;
const gcShareUnseen = 0.5;
/** Of the CPU time: the kernel worked, so the thread was in system calls. */
const systemShare = 0.6;

export interface JudgedStall {
  readonly evidence: StallEvidence;
  readonly durationMs: number;
  /** A debugger may have paused the thread: then that it slept proves nothing. */
  readonly inspectorOpen: boolean;
  /** Whether a stack was taken inside the application's code, rather than as a native call returned. */
  readonly seenRunning: boolean;
}

export function causeOf({ evidence, durationMs, inspectorOpen, seenRunning }: JudgedStall): Cause {
  const { waitMs = 0, throttledMs = 0, gcMs = 0, microtaskMs = 0, synchronousCall } = evidence;
  if (Math.max(waitMs, throttledMs) > durationMs / 2) {
    return 'starved';
  }
  if (gcMs > durationMs * (seenRunning ? gcShare : gcShareUnseen)) {
    return 'gc';
  }
  if (microtaskMs > durationMs / 2) {
    return 'microtasks';
  }
  if (synchronousCall !== undefined && synchronousIo.test(synchronousCall)) {
    return 'sync-io';
  }
  return causeBySchedule(evidence, durationMs, inspectorOpen) ?? (seenRunning ? 'cpu' : 'unknown');
}

function causeBySchedule(
  { cpuMs, waitMs, sleepMs, systemMs = 0, synchronousCall }: StallEvidence,
  durationMs: number,
  inspectorOpen: boolean,
): Cause | undefined {
  if (cpuMs === undefined || waitMs === undefined) {
    return undefined;
  }
  // Both must say so: a virtual machine's CPU that is taken away leaves a gap and no sleep.
  const slept = Math.min(durationMs - cpuMs - waitMs, sleepMs ?? 0);
  if (slept > Math.max(cpuMs, durationMs / 3)) {
    return inspectorOpen ? 'unknown' : 'sync-io';
  }
  const inSystemCalls = synchronousCall === undefined && systemMs > cpuMs * systemShare;
  return inSystemCalls && systemMs > durationMs / 3 ? 'sync-io' : 'cpu';
}
