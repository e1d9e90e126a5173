// Was the process suspended (SIGSTOP, a frozen container, a paused virtual machine), or was the agent
// thread itself only busy or waiting for a CPU? On a suspension every thread stops, so the agent's
// own lateness shows it. But a starved agent is late too, and then its run-queue wait says so; and one
// whose virtual CPU was taken away shows nothing, but the main thread ran on meanwhile.

/** Lateness under this is ordinary scheduling. */
const leastLatenessMs = 50;

/** What the process did since the agent went to sleep, in milliseconds. */
export interface Activity {
  readonly agentRunMs: number;
  readonly agentWaitMs: number;
  /** On a CPU or waiting for one. */
  readonly mainBusyMs: number;
}

export type Lateness = 'on-time' | 'suspended' | 'starved';

/**
 * `lateMs`: how much later than asked the agent woke. `readActivity` is asked only if that is too late, and
 * gives undefined where the system does not tell: lateness then is taken for suspension.
 */
export function classifyLateness(lateMs: number, readActivity: () => Activity | undefined): Lateness {
  if (lateMs < leastLatenessMs) {
    return 'on-time';
  }
  const { agentRunMs, agentWaitMs, mainBusyMs } = readActivity() ?? {
    agentRunMs: 0,
    agentWaitMs: 0,
    mainBusyMs: 0,
  };
  return agentRunMs + agentWaitMs >= lateMs / 2 || mainBusyMs >= lateMs / 2 ? 'starved' : 'suspended';
}
