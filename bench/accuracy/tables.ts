// Findings as tables.
import { percentile } from '../harness/statistics.ts';
import { figure, type Table } from '../harness/table.ts';
import { type Findings, type Outcome, precisionOf, scoreOf } from './scoring.ts';
import { type Block, lengthOf } from './truth.ts';

const share = (value: number): string => figure(100 * value, 1);
const pair = (readings: readonly number[]): string =>
  readings.length === 0
    ? '-'
    : `${figure(percentile(readings, 50), 1)} / ${figure(percentile(readings, 95), 1)}`;

const outcomeHeadings = [
  'blocks',
  'found %',
  'error ms, p50 / p95',
  'culprit %',
  'cause %',
  'reported ms, p50 / p95',
  'with stack',
];

function outcomeCells(outcomes: readonly Outcome[]): readonly string[] {
  const score = scoreOf(outcomes);
  return [
    String(score.blocks),
    share(score.recall),
    pair(score.durationErrors),
    share(score.culpritRight),
    share(score.causeRight),
    pair(score.firstReport),
    pair(score.firstStack),
  ];
}

/** One tool's findings, by whatever a block is grouped by. */
export function groupTable(
  title: string,
  heading: string,
  outcomes: readonly Outcome[],
  groupOf: (outcome: Outcome) => string,
): Table {
  const groups = [...Map.groupBy(outcomes, groupOf)].sort(([a], [b]) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  return {
    title,
    headings: [heading, ...outcomeHeadings],
    rows: groups.map(([name, group]) => [name, ...outcomeCells(group)]),
  };
}

const bounds = [65, 100, 200, 500, 1_000, Number.POSITIVE_INFINITY];

/** The class of a block's length. */
export function durationClass(block: Block): string {
  const above = bounds.findIndex((bound) => lengthOf(block) < bound);
  const low = bounds[above - 1] ?? 0;
  const high = bounds[above] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(high) ? `${low}..${high} ms` : `${low} ms and more`;
}

/** All tools, side by side, over the same blocks. */
export function toolTable(title: string, tools: ReadonlyMap<string, Findings>): Table {
  return {
    title,
    headings: [
      'tool',
      'blocks',
      'recall %',
      'precision %',
      'false',
      'grey',
      'error ms, p50 / p95',
      'culprit %',
      'in its stack %',
      'cause %',
      'reported ms, p50 / p95',
      'while blocked %',
    ],
    rows: [...tools].map(([name, findings]) => {
      const score = scoreOf(findings.outcomes);
      const gives = (part: 'stack' | 'cause'): boolean =>
        findings.outcomes.some(({ report }) => report?.[part] !== undefined);
      return [
        name,
        String(score.blocks),
        share(score.recall),
        share(precisionOf(findings)),
        String(findings.falseReports.length),
        String(findings.grey),
        pair(score.durationErrors),
        ...[score.culpritRight, score.culpritInStack].map((value) => (gives('stack') ? share(value) : '-')),
        gives('cause') ? share(score.causeRight) : '-',
        pair(score.firstReport),
        share(score.whileBlocked),
      ];
    }),
  };
}

/** Each block that is not told as it was, in a line. */
export function describeFaults({ outcomes, falseReports }: Findings, thresholdMs: number): readonly string[] {
  return [
    ...outcomes.flatMap((outcome) => describeFault(outcome, thresholdMs)),
    ...falseReports.map(({ load, report, why }) => {
      const { durationMs = Number.NaN, culprit } = report;
      return `false (${why}), ${load}: ${figure(durationMs)} ms, ${culprit?.function ?? 'nobody'}`;
    }),
  ];
}

function describeFault({ load, block, report }: Outcome, thresholdMs: number): readonly string[] {
  const score = scoreOf([{ tool: '', load, block, report }]);
  const { culprit, late, cause, durationMs = Number.NaN } = report ?? {};
  const faults = [
    ...(report === undefined ? ['missed'] : []),
    ...(report !== undefined && score.culpritRight < 1
      ? [`blamed ${culprit?.function ?? 'nobody'}${late === true ? ' (late)' : ''}`]
      : []),
    ...(cause !== undefined && score.causeRight < 1
      ? [`cause ${cause}, not ${block.causes.join(' or ')}`]
      : []),
    ...(score.durationErrors.some((error) => error > 15) ? [`took for ${figure(durationMs)} ms`] : []),
    ...score.firstReport
      .filter((after) => after > thresholdMs + 60 && after < 1e9)
      .map((after) => `reported after ${figure(after)}`),
  ];
  return faults.length === 0
    ? []
    : [`${block.kind} of ${figure(lengthOf(block))} ms, ${load}: ${faults.join('; ')}`];
}
