// What Loopscope says, as somebody outside gets it who asks its endpoint.
import { setTimeout as pass } from 'node:timers/promises';
import type { Stall } from '@loopscope/sdk/telemetry';
import { fetchStalls } from '../../../test/harness/stalls.ts';
import { sharedNow } from '../../harness/clock.ts';
import { listening, tellsAddress } from '../../harness/listening.ts';
import { loopscope as preload } from '../../harness/variant.ts';
import type { Report } from '../truth.ts';
import type { Tool, Watch } from './tool.ts';

const closeLookMs = 10;
const farLookMs = 400;
/** A native call may go on for long before there is a stack, so that close looks become rarer. */
const closeLooks = 30;
const rareLookMs = 50;
const looksMs = 3_000;

interface Seen {
  stall: Stall;
  readonly reportedAt: number;
  stackAt?: number;
}

export const loopscope: Tool = {
  name: 'Loopscope',
  gives: ['duration', 'stack', 'cause'],
  prepare: ({ sdkFolder, thresholdMs }) => {
    const { name, args, env } = preload(sdkFolder);
    const threshold = { LOOPSCOPE_STALL_THRESHOLD_MS: String(thresholdMs) };
    return Promise.resolve({
      variant: { name, args, env: { ...env, ...tellsAddress, ...threshold } },
      watch: async (running) => watchStalls((await listening(running)).url, thresholdMs),
      [Symbol.asyncDispose]: async () => {},
    });
  },
};

async function watchStalls(url: string, thresholdMs: number): Promise<Watch> {
  const seen = new Map<string, Seen>();
  const before = new Set((await fetchStalls(url)).map(({ id }) => id));
  let closeFrom = Number.NEGATIVE_INFINITY;
  let looks = 0;
  let over = false;

  const look = async (): Promise<void> => {
    const stalls = await fetchStalls(url);
    const at = sharedNow();
    for (const stall of stalls.filter(({ id }) => !before.has(id))) {
      const known = seen.get(stall.id);
      const entry = known ?? { stall, reportedAt: at };
      entry.stall = stall;
      if (stall.captures.length > 0 && entry.stackAt === undefined) {
        entry.stackAt = at;
        // All that was looked for.
        closeFrom = stall.state === 'open' ? Number.NEGATIVE_INFINITY : closeFrom;
      }
      seen.set(stall.id, entry);
    }
  };
  const restMs = (): number => {
    const sinceMs = sharedNow() - closeFrom;
    if (sinceMs > looksMs) {
      return farLookMs;
    }
    looks += 1;
    return sinceMs < 0 ? Math.max(1, -sinceMs) : looks < closeLooks ? closeLookMs : rareLookMs;
  };
  let wake = new AbortController();
  const loop = (async (): Promise<void> => {
    while (!over) {
      await look();
      await pass(restMs(), undefined, { signal: wake.signal }).catch(() => {
        wake = new AbortController();
      });
    }
  })();

  return {
    beginning: () => {
      closeFrom = sharedNow() + thresholdMs - closeLookMs;
      looks = 0;
      wake.abort();
    },
    finish: async () => {
      over = true;
      wake.abort();
      await loop;
      await pass(farLookMs);
      await look();
      const wallAhead = wallClockAhead();
      // A debugger may have held what is marked so: it is listed, and counts for nothing.
      return [...seen.values()]
        .filter(({ stall }) => !stall.inspectorOpen)
        .map((entry) => reportOf(entry, wallAhead));
    },
  };
}

function reportOf({ stall, reportedAt, stackAt }: Seen, wallAhead: number): Report {
  const start = stall.startedAt - wallAhead;
  const { culprit, cause } = stall;
  return {
    thread: stall.thread.id,
    reportedAt,
    ...(stackAt !== undefined && { stackAt }),
    span: { start, end: start + stall.durationMs + stall.suspendedMs },
    exact: true,
    durationMs: stall.durationMs,
    ...(culprit !== undefined && { culprit, late: culprit.late }),
    stack: stall.captures.flatMap(({ frames }) => frames),
    cause,
  };
}

/** By how much the wall clock is ahead of the shared one. It shows whole milliseconds: watched as it steps. */
function wallClockAhead(): number {
  const first = Date.now();
  while (Date.now() === first);
  return Date.now() - sharedNow();
}
