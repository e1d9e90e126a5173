import type { Stall } from '@loopscope/sdk/telemetry';

/** A stall of the main thread in progress, but for the changes. */
export function stall(changes: Partial<Stall>): Stall {
  return {
    id: '1',
    thread: { id: 0, name: 'main' },
    state: 'open',
    phase: 'running',
    startedAt: 1_700_000_000_000,
    durationMs: 120,
    suspendedMs: 0,
    inspectorOpen: false,
    cause: 'cpu',
    evidence: {},
    advice: 'Do less.',
    victims: { requests: 0, lostMs: 0 },
    captures: [],
    ...changes,
  };
}
