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
  const reports = run.reports.filter(({ span }) => span.start < run.watched.end);
  const pairs = reports
    .flatMap((report) => candidatesOf(report, run.blocks).map((block) => ({ report, block })))
    .sort((a, b) => misfit(a.report, a.block) - misfit(b.report, b.block));
  const blockOf = new Map<Report, Block>();
  for (const { report, block } of pairs) {
    if (free.has(block) && !blockOf.has(report)) {
      free.delete(block);
      blockOf.set(report, block);
    }
  }
  const verdicts = reports.map((report) => judge(report, blockOf.get(report), run, thresholdMs));
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
    const overlap = overlapOf(report.span, block);
    // One that only touches a block is of something else.
    const least = report.exact ? Math.min(lengthOf(report.span), lengthOf(block)) / 2 : 0;
    return overlap > 0 && overlap >= least;
  });
}

/** How badly the report fits the block, in milliseconds. */
function misfit({ exact, span, durationMs }: Report, block: Block): number {
  if (exact) {
    return Math.min(
      ...stopsOf(block).map(({ start, end }) => Math.abs(span.start - start) + Math.abs(span.end - end)),
    );
  }
  if (durationMs !== undefined) {
    return Math.min(...stopsOf(block).map((stop) => Math.abs(durationMs - lengthOf(stop))));
  }
  return lengthOf(span) - overlapOf(span, block);
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
  if (block !== undefined && lengthOf(block.stop) >= leastMs) {
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

/**
 * The block, with and without what came before and after it in the same turn: a tool's own clock may tick
 * anywhere between these.
 */
export function stopsOf({ start, end, stop }: Block): readonly Span[] {
  return [{ start, end }, { start, end: stop.end }, { start: stop.start, end }, stop];
}

/** Stops of a loop that no block of ours explains. */
function strayGaps({ gaps, blocks }: Run, thread: number): readonly Span[] {
  return gaps.filter(
    (gap) =>
      gap.thread === thread &&
      !blocks.some(
        (block) =>
          block.thread === thread && overlapOf(gap, block) >= Math.min(lengthOf(gap), lengthOf(block)) / 2,
      ),
  );
}
