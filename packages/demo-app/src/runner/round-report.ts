// What people read when a round is over: a table, and what was right or missed.
import { basename } from 'node:path';
import type { LoadSummary } from '../messages.ts';
import { shownFile, shownFunction } from './code-place.ts';
import { fitLine } from './line-width.ts';
import type { SeenStall } from './stall-feed.ts';
import type { ReportStyle } from './stall-report.ts';
import { isRight, type Verdict } from './verdict.ts';

const heading = '  fault                asked   paused  reported   seen at  culprit';

/** One row for each fault: paused by the service's own clock, reported by Loopscope. */
export function summaryTable(
  verdicts: readonly Verdict[],
  askedMs: number,
  { palette }: ReportStyle,
): string[] {
  const rows = verdicts.map((verdict) => {
    const { drive, fault, seen } = verdict;
    const cells = [
      `  ${fault.name.padEnd(18)}`,
      inMs(askedMs).padStart(8),
      inMs(drive.pausedMs).padStart(9),
      (seen ? inMs(seen.stall.durationMs) : '-').padStart(10),
      describeSight(seen).padStart(10),
      `  ${describeOutcome(verdict)}`,
    ];
    const line = fitLine(cells.join(''));
    return isRight(verdict) ? line : palette.red(line);
  });
  return ['', palette.bold(heading), ...rows];
}

/** The round in sentences, and each thing that was missed: fault, what was expected, what came. */
export function closingLines(
  verdicts: readonly Verdict[],
  load: LoadSummary | undefined,
  { palette, root }: ReportStyle,
): string[] {
  const lines = ['', ...describeSights(verdicts), ...(load ? [describeLoad(load)] : [])].map((line) =>
    fitLine(line),
  );
  const wrong = verdicts.filter((verdict) => !isRight(verdict));
  if (wrong.length > 0) {
    const details = wrong.flatMap((verdict) => describeWrong(verdict, root));
    return [...lines, ...['  MISSED:', ...details].map((line) => palette.red(fitLine(line)))];
  }
  const blocking = verdicts.filter(({ fault }) => fault.culprit !== undefined).length;
  const named = blocking > 0 ? ['every fault that blocks was named'] : [];
  const quiet = blocking < verdicts.length ? ['no stall was reported where the loop was free'] : [];
  return [...lines, palette.green(fitLine(`  All right: ${[...named, ...quiet].join(', ')}.`))];
}

function describeSights(verdicts: readonly Verdict[]): string[] {
  const blocking = verdicts.filter(({ fault }) => fault.culprit !== undefined);
  if (blocking.length === 0) {
    return [];
  }
  const share = (test: (verdict: Verdict, seen: SeenStall) => boolean): string => {
    const held = blocking.filter((verdict) => verdict.seen !== undefined && test(verdict, verdict.seen));
    return `${held.length} of ${blocking.length}`;
  };
  const open = share((_, seen) => seen.openAgeMs !== undefined);
  const named = share((_, seen) => seen.namedAgeMs !== undefined);
  const request = share(({ fault }, { stall }) => stall.request?.route === fault.route);
  const trace = share(({ drive }, { stall }) => stall.span?.traceId === drive.traceId);
  return [
    `  Seen while the loop was still blocked: ${open}, with the culprit: ${named}.`,
    `  The right request: ${request}. The right trace: ${trace}.`,
  ];
}

function describeLoad({ requests, failures, medianMs, slowestMs }: LoadSummary): string {
  const failed = failures === 0 ? 'none failed' : `${failures} failed`;
  return `  Healthy requests meanwhile: ${requests}, ${failed}; median ${medianMs} ms, slowest ${slowestMs} ms.`;
}

function describeSight(seen: SeenStall | undefined): string {
  if (seen === undefined) {
    return '-';
  }
  return seen.openAgeMs === undefined ? 'its end' : inMs(seen.openAgeMs);
}

function describeOutcome({ outcome, seen }: Verdict): string {
  const place = describePlace(seen, basename);
  switch (outcome) {
    case 'named':
      return place;
    case 'quiet':
      return seen === undefined ? 'the loop stayed free' : 'the service felt it too: a busy machine';
    case 'missed':
      return `MISSED: ${place}`;
    case 'false-stall':
      return `FALSE STALL: ${place}`;
  }
}

function describeWrong({ fault, seen, outcome, drive }: Verdict, root: string): string[] {
  const file = (path: string): string => shownFile(path, root);
  const expected =
    outcome === 'missed' && fault.culprit
      ? `${fault.culprit.function} ${file(fault.culprit.file)}`
      : `no stall: the loop stood still for ${inMs(drive.pausedMs)} at most`;
  return [`  ${fault.name}`, `    expected  ${expected}`, `    reported  ${describePlace(seen, file)}`];
}

function describePlace(seen: SeenStall | undefined, file: (path: string) => string): string {
  if (seen === undefined) {
    return 'nothing';
  }
  const { culprit, durationMs } = seen.stall;
  return culprit
    ? `${shownFunction(culprit.function)} ${file(culprit.file)}:${culprit.line}`
    : `a stall of ${inMs(durationMs)} without a culprit`;
}

function inMs(ms: number): string {
  return `${Math.round(ms)} ms`;
}
