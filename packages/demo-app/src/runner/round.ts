// One round of the demo: each fault in turn, and a verdict on each.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultAnswer } from '../app.ts';
import { type Fault, isBlocking } from '../fault.ts';
import { DemoError, type Service } from './service.ts';
import type { SeenStall } from './stall-feed.ts';
import type { StallWatch } from './stall-watch.ts';
import { type Drive, judge, type Verdict } from './verdict.ts';

export interface RoundOptions {
  readonly faults: readonly Fault[];
  readonly ms: number;
  /** Between two faults, for people to read. */
  readonly pauseMs: number;
  readonly onFault: (fault: Fault) => void;
}

// How long a report may take after the fault has answered.
const longestReportMs = 3_000;
// How long a stall that should not be is waited for.
const quietMs = 300;

/** Drives the faults one after the other. Rejects when the signal aborts. */
export async function runRound(
  { faults, ms, pauseMs, onFault }: RoundOptions,
  service: Service,
  watch: StallWatch,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const fault of faults) {
    onFault(fault);
    const from = Date.now();
    const drive = await switchOn(fault, ms, service.url, signal);
    const period = { from, to: Date.now() };
    const stalls = isBlocking(fault)
      ? await watch.settle(period, isReported, longestReportMs, signal)
      : await watch.settle(period, () => false, quietMs, signal);
    verdicts.push(judge(fault, drive, stalls));
    await delay(pauseMs, undefined, { signal });
  }
  return verdicts;
}

function isReported(stalls: readonly SeenStall[]): boolean {
  return (
    stalls.some(({ stall }) => stall.culprit !== undefined) &&
    stalls.every(({ stall }) => stall.state === 'closed')
  );
}

/** Asks for the fault under a trace of the runner's own, so that the report's can be checked. */
async function switchOn(fault: Fault, ms: number, url: string, signal: AbortSignal): Promise<Drive> {
  const traceId = randomBytes(16).toString('hex');
  const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
  const response = await fetch(`${url}${fault.path}?ms=${ms}`, { headers, signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw new DemoError(`The service did not answer GET ${fault.path}: ${(error as Error).message}.`);
    },
  );
  if (!response.ok) {
    throw new DemoError(`The service answered GET ${fault.path} with ${response.status}.`);
  }
  const { pausedMs } = (await response.json()) as FaultAnswer;
  return { pausedMs, traceId };
}
