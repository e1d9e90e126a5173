// Figures from matched reports. Pure. A share is NaN where there is nothing that it could be a share of.
import { isCulprit, kinds } from './kinds.ts';
import { type Matched, matchRun, stopsOf } from './matching.ts';
import { type Block, lengthOf, type Report, type Run } from './truth.ts';

/** What comes so shortly before the end of a block came because it ended. */
const atItsEndMs = 1;

/** One block that is clearly over the threshold, with its report. */
export interface Outcome {
  readonly tool: string;
  readonly load: string;
  readonly block: Block;
  readonly report: Report | undefined;
}

export interface Findings {
  readonly outcomes: readonly Outcome[];
  readonly falseReports: readonly { readonly load: string; readonly report: Report; readonly why: string }[];
  readonly grey: number;
}

export interface Score {
  readonly blocks: number;
  readonly found: number;
  /** Share of the blocks that were reported. */
  readonly recall: number;
  /** From the true length; for reports that give a duration and a stack. */
  readonly durationErrors: readonly number[];
  /** Shares of what was found. */
  readonly culpritRight: number;
  readonly culpritInStack: number;
  readonly causeRight: number;
  /** Reports that blame another function without a mark that they may. */
  readonly wrongUnmarked: number;
  /** From the block's start, in milliseconds; infinite for what was never reported. */
  readonly firstReport: readonly number[];
  readonly firstStack: readonly number[];
  /** Share that was reported while it lasted. */
  readonly whileBlocked: number;
}

export function findingsOf(runs: readonly Run[], thresholdMs: number): Findings {
  const matched = runs.map((run) => ({ run, ...matchRun(run, thresholdMs) }));
  return {
    outcomes: matched.flatMap(({ run, ...rest }) => outcomesOf(run, rest)),
    falseReports: matched.flatMap(({ run, verdicts }) =>
      verdicts.flatMap((verdict) =>
        verdict.outcome === 'false' ? [{ load: run.load, report: verdict.report, why: verdict.why }] : [],
      ),
    ),
    grey: matched.flatMap(({ verdicts }) => verdicts.filter(({ outcome }) => outcome === 'grey')).length,
  };
}

function outcomesOf({ tool, load }: Run, { verdicts, missed }: Matched): readonly Outcome[] {
  const found = verdicts.flatMap((verdict) =>
    verdict.outcome === 'found' ? [{ tool, load, block: verdict.block, report: verdict.report }] : [],
  );
  return [...found, ...missed.map((block) => ({ tool, load, block, report: undefined }))].sort(
    (a, b) => a.block.start - b.block.start,
  );
}

/** Share of a tool's reports that are of a block, grey ones left out. */
export function precisionOf({ outcomes, falseReports }: Findings): number {
  const found = outcomes.filter(({ report }) => report !== undefined).length;
  return found / (found + falseReports.length);
}

export function scoreOf(outcomes: readonly Outcome[]): Score {
  const told = outcomes.flatMap(({ block, report }) => (report === undefined ? [] : [{ block, report }]));
  const share = (holds: (each: { block: Block; report: Report }) => boolean): number =>
    told.filter(holds).length / told.length;
  const from = (at: (report: Report) => number | undefined): readonly number[] =>
    outcomes.map(({ block, report }) =>
      report === undefined
        ? Number.POSITIVE_INFINITY
        : (at(report) ?? Number.POSITIVE_INFINITY) - block.start,
    );
  return {
    blocks: outcomes.length,
    found: told.length,
    recall: told.length / outcomes.length,
    durationErrors: told.flatMap(({ block, report }) => durationErrorOf(block, report)),
    culpritRight: share(({ block, report }) => namesCulprit(block, report)),
    culpritInStack: share(({ block, report }) => showsCulprit(block, report)),
    causeRight: share(({ block: { causes }, report: { cause } }) => causes.some((each) => each === cause)),
    wrongUnmarked: told.filter(
      ({ block, report }) =>
        report.culprit !== undefined && report.late !== true && !namesCulprit(block, report),
    ).length,
    firstReport: from(({ reportedAt }) => reportedAt),
    firstStack: from(({ stackAt }) => stackAt),
    whileBlocked: share(({ block, report }) => report.reportedAt < block.end - atItsEndMs),
  };
}

/** From the length of the block, or of the stop that it is in where that is nearer: tools measure either. */
function durationErrorOf(block: Block, { durationMs }: Report): readonly number[] {
  if (durationMs === undefined) {
    return [];
  }
  return [Math.min(...stopsOf(block).map((stop) => Math.abs(durationMs - lengthOf(stop))))];
}

export function namesCulprit({ kind }: Block, { culprit }: Report): boolean {
  const known = kinds.find(({ name }) => name === kind);
  return culprit !== undefined && known !== undefined && isCulprit(known, culprit);
}

function showsCulprit({ kind }: Block, { stack = [] }: Report): boolean {
  const known = kinds.find(({ name }) => name === kind);
  return known !== undefined && stack.some((place) => isCulprit(known, place));
}
