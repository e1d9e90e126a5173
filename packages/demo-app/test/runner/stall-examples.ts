// Stalls, as the endpoint tells them, for tests of what is made of them.
import type { Stall } from '@loopscope/sdk/telemetry';
import type { Look } from '../../src/runner/agent-client.ts';
import type { SeenStall } from '../../src/runner/stall-feed.ts';

export const root = '/srv/orders';

export function stallOf(changes: Partial<Stall> = {}): Stall {
  return {
    id: '1',
    thread: { id: 0, name: 'main' },
    state: 'closed',
    phase: 'running',
    startedAt: 1_000,
    durationMs: 402,
    suspendedMs: 0,
    inspectorOpen: false,
    cause: 'cpu',
    evidence: { cpuMs: 398 },
    advice: 'Split the work into parts.',
    victims: { requests: 3, lostMs: 1206 },
    captures: [],
    ...changes,
  };
}

export function culpritOf(functionName: string, file: string): NonNullable<Stall['culprit']> {
  return { function: functionName, file, line: 23, column: 5, late: false };
}

export function lookOf(stalls: readonly Stall[], changes: Partial<Look> = {}): Look {
  return { at: 2_000, stalls, livezStatus: 200, livezMs: 2, ...changes };
}

export function seenOf(stall: Stall, changes: Partial<SeenStall> = {}): SeenStall {
  return {
    stall,
    openAgeMs: 118,
    namedAgeMs: stall.culprit ? 118 : undefined,
    livez: { answers: 4, statuses: [200], slowestMs: 1.4 },
    ...changes,
  };
}
