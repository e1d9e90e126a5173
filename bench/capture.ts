// How soon a block of JavaScript is reported with its stack, and whether it is blamed on the function
// that blocks: a hundred blocks on an otherwise idle loop, seen from another process.
import { type PlannedBlock, planBlocks } from './capture/block-plan.ts';
import { findFault } from './capture/verdict.ts';
import { type WatchedBlock, watchBlock } from './capture/watched-block.ts';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { listening, tellsAddress } from './harness/listening.ts';
import { launch } from './harness/running-process.ts';
import { percentile } from './harness/statistics.ts';
import { figure, type Table } from './harness/table.ts';
import { benchFile, loopscope } from './harness/variant.ts';

const thresholdMs = 100;
const reportLimitMs = thresholdMs + 60;
/** A process lists its latest stalls only, and a long list would slow the asking. */
const blocksPerProcess = 20;

async function measure(context: BenchContext): Promise<Measurement> {
  const plan = planBlocks(context.rounds);
  const blocks: WatchedBlock[] = [];
  for (let first = 0; first < plan.length; first += blocksPerProcess) {
    const part = plan.slice(first, first + blocksPerProcess);
    blocks.push(...(await watchInOneProcess(context, part)));
  }
  const right = blocks.filter((block) => findFault(block) === undefined).length;
  // What was never reported counts as later than anything that was.
  const reported = blocks.map(({ reportedAfterMs }) => reportedAfterMs ?? Number.POSITIVE_INFINITY);
  return {
    tables: [kindTable(blocks)],
    bars: [
      {
        name: `first report with a culprit after the block's start, p95 of ${blocks.length}`,
        value: percentile(reported, 95),
        limit: reportLimitMs,
        kind: 'at most',
        unit: 'ms',
        note: `median ${figure(percentile(reported, 50))}, slowest ${figure(Math.max(...reported))}`,
      },
      {
        name: `blocks of ${blocks.length} with the right culprit while they lasted`,
        value: right,
        limit: blocks.length,
        kind: 'at least',
        unit: '',
        digits: 0,
      },
    ],
    notes: blocks.flatMap(describeMiss),
    readings: blocks,
  };
}

async function watchInOneProcess(
  { node, sdkFolder }: BenchContext,
  plan: readonly PlannedBlock[],
): Promise<readonly WatchedBlock[]> {
  const args = [benchFile('programs/blocks-in-turn.mjs')];
  await using running = launch({ node, variant: loopscope(sdkFolder), args, env: tellsAddress });
  const { url } = await listening(running);
  const blocks: WatchedBlock[] = [];
  for (const block of plan) {
    blocks.push(await watchBlock(running, url, block));
  }
  return blocks;
}

function kindTable(blocks: readonly WatchedBlock[]): Table {
  const groups = Map.groupBy(blocks, ({ kind }) => kind);
  return {
    title: 'From the true start of a block (ms)',
    headings: [
      'kind',
      'blocks',
      'right',
      'blocked',
      'stack taken p50',
      'p95',
      'reported p50',
      'p95',
      'slowest',
    ],
    rows: [...groups].map(([kind, group]) => {
      const taken = group.map(({ takenAfterMs = Number.NaN }) => takenAfterMs);
      const reported = group.map(({ reportedAfterMs = Number.POSITIVE_INFINITY }) => reportedAfterMs);
      const blocked = group.map(({ blockedMs }) => blockedMs);
      return [
        kind,
        String(group.length),
        String(group.filter((block) => findFault(block) === undefined).length),
        `${figure(Math.min(...blocked), 0)}..${figure(Math.max(...blocked), 0)}`,
        ...[50, 95].map((percent) => figure(percentile(taken, percent))),
        ...[50, 95, 100].map((percent) => figure(percentile(reported, percent))),
      ];
    }),
  };
}

function describeMiss(block: WatchedBlock, index: number): readonly string[] {
  const fault = findFault(block);
  const { kind, blockedMs, reportedAfterMs = Number.NaN, takenAfterMs = Number.NaN } = block;
  if (fault === undefined && reportedAfterMs <= reportLimitMs) {
    return [];
  }
  const times = `blocked ${figure(blockedMs)} ms, stack taken after ${figure(takenAfterMs)}, reported after ${figure(reportedAfterMs)}`;
  return [`block ${index + 1}, ${kind}: ${fault ?? 'late'}; ${times}`];
}

await runBench({
  name: 'capture',
  title: `Capture: blocks of JavaScript, threshold ${thresholdMs} ms, reports polled from outside each 5 ms`,
  rounds: 100,
  roundsHelp: 'blocks',
  measure,
});
