// Which report is of which block, and what of the rest. Pure.
//
// A block is found by one report. A report that is of no block is grey where the loop's own clock shows a
// stop of which we know no cause (the machine is shared), and false where it does not, or where it tells a
// block a second time. Nothing excuses a report of a time in which the process was suspended or a debugger
// held it: then the loop's clock stood still too.
import { type Block, lengthOf, overlapOf, type Report, type Run, type Span } from './truth.ts';

/** How far from the threshold a block must be to be clearly over or clearly under it. */
export const clearMs = 15;

export type Verdict =
  | { readonly outcome: 'found'; readonly report: Report; readonly block: Block }
  | { readonly outcome: 'grey'; readonly report: Report; readonly why: string }
  | { readonly outcome: 'false'; readonly report: Report; readonly why: string };

export interface Matched {
  readonly verdicts: readonly Verdict[];
  /** Blocks that are clearly over the threshold and that no report is of. */
  readonly missed: readonly Block[];
}

export function matchRun(run: Run, thresholdMs: number): Matched {
  const free = new Set(run.blocks);
  // What fits best takes its block first: a vague report must not take that of an exact one.
  const pairs = run.reports
    .flatMap((report) => candidatesOf(report, run.blocks).map((block) => ({ report, block })))
    .sort((a, b) => misfit(a.report, a.block) - misfit(b.report, b.block));
  const blockOf = new Map<Report, Block>();
  for (const { report, block } of pairs) {
    if (free.has(block) && !blockOf.has(report)) {
      free.delete(block);
      blockOf.set(report, block);
    }
  }
  const verdicts = run.reports.map((report) => judge(report, blockOf.get(report), run, thresholdMs));
  return { verdicts, missed: [...free].filter((block) => isClearlyOver(block, thresholdMs)) };
}

/** By its own length, without what came after it in the same turn. */
export function isClearlyOver(block: Block, thresholdMs: number): boolean {
  return lengthOf(block) >= thresholdMs + clearMs;
}

function candidatesOf(report: Report, blocks: readonly Block[]): readonly Block[] {
  return blocks.filter((block) => {
    if (block.thread !== report.thread) {
      return false;
    }
    const stop = stopOf(block);
    const overlap = overlapOf(report.span, stop);
    // One that only touches a block is of something else.
    const least = report.exact ? Math.min(lengthOf(report.span), lengthOf(stop)) / 2 : 0;
    return overlap > 0 && overlap >= least;
  });
}

/** How badly the report fits the block, in milliseconds. */
function misfit(report: Report, block: Block): number {
  const stop = stopOf(block);
  if (report.exact) {
    return Math.abs(report.span.start - stop.start) + Math.abs(report.span.end - stop.end);
  }
  if (report.durationMs !== undefined) {
    return Math.abs(report.durationMs - lengthOf(stop));
  }
  return lengthOf(report.span) - overlapOf(report.span, stop);
}

function judge(report: Report, block: Block | undefined, run: Run, thresholdMs: number): Verdict {
  const forbidden = run.forbidden.find((span) => overlapOf(span, report.span) > 0);
  if (forbidden !== undefined && block === undefined) {
    return { outcome: 'false', report, why: forbidden.why };
  }
  if (block !== undefined && isClearlyOver(block, thresholdMs)) {
    return { outcome: 'found', report, block };
  }
  const leastMs = thresholdMs - clearMs;
  if (block !== undefined && lengthOf(stopOf(block)) >= leastMs) {
    return { outcome: 'grey', report, why: 'near the threshold' };
  }
  if (
    strayGaps(run, report.thread).some((gap) => lengthOf(gap) >= leastMs && overlapOf(gap, report.span) > 0)
  ) {
    return { outcome: 'grey', report, why: 'the loop itself recorded a stop' };
  }
  if (block !== undefined) {
    return { outcome: 'false', report, why: 'a short block' };
  }
  const again = candidatesOf(report, run.blocks).length > 0;
  return { outcome: 'false', report, why: again ? 'a block told again' : 'nothing stopped' };
}

/** From its start until the loop's own clock went on. */
export function stopOf({ start, end, stoppedUntil }: Block): Span {
  return { start, end: Math.max(end, stoppedUntil) };
}

/** Stops of a loop that no block of ours explains. */
function strayGaps({ gaps, blocks }: Run, thread: number): readonly Span[] {
  return gaps.filter(
    (gap) =>
      gap.thread === thread &&
      !blocks.some((block) => block.thread === thread && overlapOf(gap, block) >= lengthOf(gap) / 2),
  );
}
