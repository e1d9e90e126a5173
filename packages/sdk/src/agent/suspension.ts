// Was the process suspended (SIGSTOP, a frozen container, a paused virtual machine), or was the agent
// thread itself only busy or waiting for a CPU? On a suspension every thread stops, so the agent's
// own lateness shows it; but a starved agent is late too, and then its run-queue wait says so.

/** Lateness under this is ordinary scheduling. */
const leastLatenessMs = 50;

export interface OwnSchedule {
  /** Milliseconds of CPU, cumulative. */
  readonly runMs: number;
  /** Milliseconds of waiting for a CPU, cumulative. */
  readonly waitMs: number;
}

export type Lateness = 'on-time' | 'suspended' | 'starved';

/**
 * `lateMs`: how much later than asked the agent woke. Run and wait: how much of both it had since it
 * went to sleep; undefined where the system does not tell, and lateness then is taken for suspension.
 */
export function classifyLateness(lateMs: number, used: OwnSchedule | undefined): Lateness {
  if (lateMs < leastLatenessMs) {
    return 'on-time';
  }
  return used !== undefined && used.runMs + used.waitMs >= lateMs / 2 ? 'starved' : 'suspended';
}
