// What the cause of a stall was told from, as one line for whoever debugs a verdict (`NODE_DEBUG=loopscope`).
// Moments count from the stall's start.
import type { OpenStall } from '../stall-ledger.ts';

export function describeFindings(stall: OpenStall): string {
  const { start, findings } = stall;
  const origin = start;
  const found = findings(stall, stall.end ?? start);
  const moved = (key: string, value: unknown): unknown => {
    if (typeof value !== 'number') {
      return value;
    }
    return Math.round((isMoment(key) ? value - origin : value) * 10) / 10;
  };
  const captures = found.captures.map(({ at, waitedMs, late, onQueue, nodeCall, tickAt, microtaskAt }) => ({
    at,
    waitedMs,
    late,
    onQueue,
    nodeCall,
    tickAt,
    microtaskAt,
  }));
  return `findings of stall ${stall.id}: ${JSON.stringify({ ...found, captures }, moved)}`;
}

function isMoment(key: string): boolean {
  return ['at', 'start', 'end', 'tickAt', 'microtaskAt'].includes(key);
}
