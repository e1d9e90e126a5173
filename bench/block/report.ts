// What the runs come to: tables, bars, and a line for each answer that failed.
import type { Bar } from '../harness/bar.ts';
import { percentile } from '../harness/statistics.ts';
import { figure, type Table } from '../harness/table.ts';
import type { AgeCheck } from './age-check.ts';
import { type AnswerCheck, answerLimitMs, durationOf } from './answer-check.ts';
import type { BlockedRun } from './blocked-run.ts';

export interface CheckedRun {
  readonly run: BlockedRun;
  readonly ages: AgeCheck;
  readonly answers: readonly AnswerCheck[];
}

const paths = ['/metrics', '/livez'] as const;

export function answerTable(runs: readonly CheckedRun[]): Table {
  return {
    title: 'Answers asked for during the blocks (ms)',
    headings: ['path', 'asked', 'p50', 'p99', 'slowest', 'late for want of a processor'],
    rows: paths.map((path) => {
      const checks = checksOf(runs, path);
      const all = checks.flatMap(({ durations }) => durations);
      const figures = [50, 99, 100].map((percent) => figure(percentile(all, percent)));
      return [path, String(all.length), ...figures, String(sum(checks.map((each) => each.excused)))];
    }),
  };
}

export function runTable(runs: readonly CheckedRun[]): Table {
  return {
    title: 'The age of the stall as it was told, and as Prometheus stored it',
    headings: ['run', 'true block ms', 'ages due', 'missing', 'fell', 'off by ms', 'scrapes', 'with age'],
    rows: runs.map(({ run: { start, end, scraped }, ages }, index) => [
      String(index + 1),
      figure(end - start, 0),
      ...[ages.due, ages.missing, ages.falls].map(String),
      figure(ages.farthestMs),
      String(scraped?.length ?? '-'),
      String(scraped?.filter(({ value }) => value > 0).length ?? '-'),
    ]),
  };
}

export function bars(runs: readonly CheckedRun[], prometheusVersion: string | undefined): readonly Bar[] {
  const due = sum(runs.map(({ ages }) => ages.due));
  const wrong = sum(runs.map(({ ages }) => ages.missing + ages.falls));
  const shown = runs.filter(({ run: { scraped = [] } }) => scraped.some(({ value }) => value > 0));
  return [
    ...paths.map((path): Bar => {
      const slowestMs = Math.max(...checksOf(runs, path).map((each) => each.slowestMs));
      const name = `slowest answer of ${path}, those without a processor left out`;
      return { name, value: slowestMs, limit: answerLimitMs, kind: 'at most', unit: 'ms' };
    }),
    {
      name: 'requests without an answer',
      value: sum(runs.flatMap(({ run }) => run.answers.map(({ status }) => (status === 200 ? 0 : 1)))),
      limit: 0,
      kind: 'at most',
      unit: '',
      digits: 0,
    },
    {
      name: 'answers of /metrics with an age above those before',
      value: ((due - wrong) / due) * 100,
      limit: 100,
      kind: 'at least',
      unit: '%',
      digits: 2,
      note: `of ${due}`,
    },
    {
      name: 'farthest that an age was off the true one',
      value: Math.max(...runs.map(({ ages }) => ages.farthestMs)),
      limit: answerLimitMs,
      kind: 'at most',
      unit: 'ms',
    },
    {
      name: `runs of ${runs.length} in which Prometheus shows the stall's age`,
      value: prometheusVersion === undefined ? Number.NaN : shown.length,
      limit: runs.length,
      kind: 'at least',
      unit: '',
      digits: 0,
      note: prometheusVersion === undefined ? 'it is not installed' : `Prometheus ${prometheusVersion}`,
    },
  ];
}

export function failureNotes(runs: readonly CheckedRun[]): readonly string[] {
  return runs.flatMap(({ run, answers }, index) =>
    answers
      .flatMap(({ failures }) => failures)
      .map((answer) => {
        const { path, askedAt, status, body } = answer;
        const what = status === 200 ? '' : `: ${status ?? body}`;
        const asked = `asked ${figure(askedAt - run.start, 0)} ms into the block`;
        return `run ${index + 1}: ${path}, ${asked}, took ${figure(durationOf(answer))} ms${what}`;
      }),
  );
}

function checksOf(runs: readonly CheckedRun[], path: string): readonly AnswerCheck[] {
  return runs.flatMap(({ answers }) => answers.filter((each) => each.path === path));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** For the JSON file: without the bodies. */
export function readingsOf({ run: { start, end, answers, starvation, scraped } }: CheckedRun): object {
  const timed = answers.map((each) => [each.path, each.askedAt - start, durationOf(each), each.status]);
  return { blockMs: end - start, scraped, answers: timed, starvation };
}
