// When in the process's life a stall began. A synchronous boot shows no tick at all; one that loads
// ES modules turns the loop between them, so there the stack must tell.
import type { RawCallSite } from '../shared/messages.ts';
import type { Phase } from '../shared/stall.ts';

/** A loop that has ticked for so long is past its start-up, whatever its stack says. */
const settledMs = 10_000;
/** And where no stack says anything, for so long. */
const settledUnseenMs = 250;

export interface PhaseEvidence {
  readonly exiting: boolean;
  /** Whether the loop had turned at all. */
  readonly hasTurned: boolean;
  /** Milliseconds for which the loop had been seen to tick before the stall. */
  readonly tickedMs: number;
  /** Whether the stack stood on the module loader; undefined while there is none. */
  readonly loading: boolean | undefined;
}

export function phaseOf({ exiting, hasTurned, tickedMs, loading }: PhaseEvidence): Phase {
  if (exiting) {
    return 'exiting';
  }
  if (!hasTurned) {
    return 'startup';
  }
  const starting = loading ?? tickedMs < settledUnseenMs;
  return starting && tickedMs < settledMs ? 'startup' : 'running';
}

/** Whether a stack stands on Node's module loader rather than on a callback of the loop. */
export function standsOnLoader(callSites: readonly RawCallSite[]): boolean {
  const outermost = callSites.findLast(
    ({ scriptName }) => scriptName.startsWith('node:') && scriptName !== 'node:internal/process/task_queues',
  );
  return (
    outermost !== undefined && /^node:internal\/(modules|main|process\/execution)/.test(outermost.scriptName)
  );
}
