// Runs made up for the tests of the scorer.
import { kindOf, linesOfKind } from '../../../bench/accuracy/kinds.ts';
import type { Block, Place, Report, Run } from '../../../bench/accuracy/truth.ts';

export const thresholdMs = 50;

export function aBlock(start: number, lengthMs: number, rest: Partial<Block> = {}): Block {
  const end = start + lengthMs;
  return { kind: 'cpu-loop', thread: 0, start, end, stop: { start, end }, causes: ['cpu'], ...rest };
}

/** A right report of a block, first had when it was over the threshold by 20 ms. */
export function aReportOf(block: Block, rest: Partial<Report> = {}): Report {
  const { start, end, thread } = block;
  return {
    thread,
    reportedAt: start + thresholdMs + 20,
    stackAt: start + thresholdMs + 20,
    span: { start, end },
    exact: true,
    durationMs: end - start,
    culprit: rightPlace(block.kind),
    stack: [rightPlace(block.kind)],
    late: false,
    cause: 'cpu',
    ...rest,
  };
}

export function rightPlace(kindName: string): Place {
  const kind = kindOf(kindName);
  return { function: kind.function, file: kind.file, line: linesOfKind(kind)[1] ?? 0 };
}

export function aRun(rest: Partial<Run>): Run {
  return {
    tool: 'tool',
    load: 'idle',
    blocks: [],
    gaps: [],
    forbidden: [],
    reports: [],
    watched: { start: 0, end: 10_000 },
    quietMs: 0,
    machineLoad: 0,
    ...rest,
  };
}
