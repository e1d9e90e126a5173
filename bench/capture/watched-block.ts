// One block, and the report of it as somebody outside gets it.
import { setTimeout as pass } from 'node:timers/promises';
import type { Stall } from '@loopscope/sdk/telemetry';
import { fetchStalls } from '../../test/harness/stalls.ts';
import { until } from '../../test/harness/until.ts';
import { sharedNow } from '../harness/clock.ts';
import type { RunningProcess } from '../harness/running-process.ts';
import type { PlannedBlock } from './block-plan.ts';

export interface WatchedBlock extends PlannedBlock {
  /** True start and length, in milliseconds. */
  readonly start: number;
  readonly blockedMs: number;
  /** From the true start to the answer that first held a culprit; undefined where none came. */
  readonly reportedAfterMs: number | undefined;
  /** From the true start to the moment at which the first stack was taken, by the agent's own account. */
  readonly takenAfterMs: number | undefined;
  /** The stall as first reported, and as it was when closed. */
  readonly first: Stall | undefined;
  readonly closed: Stall | undefined;
}

interface Answered {
  readonly at: number;
  readonly stall: Stall;
}

const everyMs = 5;
/** How much too early a stall's start may be dated, and a little more. */
const datingErrorMs = 60;

export async function watchBlock(
  running: RunningProcess,
  url: string,
  plan: PlannedBlock,
): Promise<WatchedBlock> {
  const beginning = running.printedNext(/^\{"beginning".*/);
  let over = false;
  const ended = running.printedNext(/^\{"kind".*/).finally(() => {
    over = true;
  });
  running.tell(JSON.stringify(plan));
  const { at } = JSON.parse((await beginning).match[0]) as { at: number };
  // An earlier one came of something else, such as a pause of the machine.
  const isIt = ({ startedAt }: Stall): boolean => startedAt >= wallTime(at) - datingErrorMs;
  let first: Answered | undefined;
  while (first === undefined && !over) {
    const turn = pass(everyMs);
    const stalls = await fetchStalls(url);
    const stall = stalls.find((each) => isIt(each) && each.culprit !== undefined);
    first = stall && { at: sharedNow(), stall };
    await turn;
  }
  const { start, end } = JSON.parse((await ended).match[0]) as { start: number; end: number };
  const id = first?.stall.id;
  const closed = await closedStall(url, id === undefined ? isIt : (stall) => stall.id === id);
  const taken = closed?.captures[0]?.afterMs;
  const startedLate = closed === undefined ? 0 : closed.startedAt - wallTime(start);
  return {
    ...plan,
    start,
    blockedMs: end - start,
    reportedAfterMs: first && first.at - start,
    takenAfterMs: taken === undefined ? undefined : taken + startedLate,
    first: first?.stall,
    closed,
  };
}

// A block that is never reported is a finding of the benchmark's, not its failure.
async function closedStall(url: string, isIt: (stall: Stall) => boolean): Promise<Stall | undefined> {
  const look = async (): Promise<Stall | undefined> =>
    (await fetchStalls(url)).find((stall) => isIt(stall) && stall.state === 'closed');
  return await until('the stall is closed', look, { capMs: 1_000 }).catch(() => undefined);
}

function wallTime(sharedTime: number): number {
  return Date.now() - (sharedNow() - sharedTime);
}
