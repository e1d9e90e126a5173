// The bars of accuracy, computed from findings: nothing here is a result. Pure.
import type { Bar } from '../harness/bar.ts';
import { percentile } from '../harness/statistics.ts';
import { figure } from '../harness/table.ts';
import { kindOf, kinds } from './kinds.ts';
import { type Findings, type Outcome, precisionOf, type Score, scoreOf } from './scoring.ts';

export interface Judged {
  readonly findings: Findings;
  /** Minutes in which nothing was to be reported, by scenario. */
  readonly quietMinutes: number;
}

const reportLimitMs = 60;
const percent = (share: number): number => 100 * share;

/** What Loopscope promises for the threads of one kind: `where` says which. */
export function ownBars(
  where: string,
  { findings, quietMinutes }: Judged,
  thresholdMs: number,
): readonly Bar[] {
  const { falseReports } = findings;
  // Stops that others cause have no culprit, and no beginning that anybody knows.
  const made = findings.outcomes.filter(({ block }) => hasKind(block.kind));
  const of = (holds: (outcome: Outcome) => boolean): Score => scoreOf(made.filter(holds));
  const all = scoreOf(made);
  const withStack = of(({ report }) => report?.stackAt !== undefined);
  const idle = of(({ report, load }) => report?.stackAt !== undefined && load === 'idle');
  const javascript = of(({ block }) => kindOf(block.kind).code === 'javascript');
  const native = of(({ block }) => kindOf(block.kind).code === 'native');
  const short = falseReports.filter(({ why }) => why === 'a short block').length;
  const name = (text: string): string => (where === '' ? text : `${where}: ${text}`);
  return [
    {
      name: name(`recall of blocks of ${thresholdMs + 15} ms or more`),
      value: percent(all.recall),
      limit: 100,
      kind: 'at least',
      unit: '%',
      note: `${all.found} of ${all.blocks}`,
    },
    {
      name: name('precision'),
      value: percent(precisionOf(findings)),
      limit: 100,
      kind: 'at least',
      unit: '%',
      note: `${falseReports.length} false, ${findings.grey} grey; ${figure(quietMinutes)} min were to be quiet`,
    },
    count(name(`blocks more than 15 ms under the threshold that were reported`), short),
    limitOf(name('duration error, median'), percentile(withStack.durationErrors, 50), 4),
    limitOf(name('duration error, p95'), percentile(withStack.durationErrors, 95), 15),
    ...(idle.blocks === 0
      ? []
      : [limitOf(name('duration error on an idle loop, median'), percentile(idle.durationErrors, 50), 2)]),
    {
      name: name('culprit right, JavaScript'),
      value: percent(javascript.culpritRight),
      limit: 100,
      kind: 'at least',
      unit: '%',
      note: `of ${javascript.found}`,
    },
    {
      name: name('culprit right, native calls'),
      value: percent(native.culpritRight),
      limit: 97,
      kind: 'at least',
      unit: '%',
      note: `of ${native.found}; 85 % where the profile is off`,
    },
    count(name('wrong culprits without the late mark'), all.wrongUnmarked),
    {
      name: name('cause right'),
      value: percent(scoreOf(findings.outcomes).causeRight),
      limit: 97,
      kind: 'at least',
      unit: '%',
    },
    limitOf(
      name('first report with a stack after the start, JavaScript, p95'),
      percentile(javascript.firstStack, 95),
      thresholdMs + reportLimitMs,
    ),
  ];
}

/** No peer may be ahead in the same run. */
export function peerBars(own: Findings, peers: ReadonlyMap<string, Findings>): readonly Bar[] {
  const ours = scoreOf(own.outcomes);
  return [...peers].flatMap(([peer, findings]) => {
    const theirs = scoreOf(findings.outcomes);
    const givesStack = findings.outcomes.some(({ report }) => report?.stack !== undefined);
    return [
      ahead(`recall, beside ${peer}`, percent(ours.recall), percent(theirs.recall), 'at least', '%'),
      ahead(
        `precision, beside ${peer}`,
        percent(precisionOf(own)),
        percent(precisionOf(findings)),
        'at least',
        '%',
      ),
      ...(givesStack
        ? [
            ahead(
              `culprit right, beside ${peer}`,
              percent(ours.culpritRight),
              percent(theirs.culpritRight),
              'at least',
              '%',
            ),
          ]
        : []),
      ahead(
        `first report, median, beside ${peer}`,
        percentile(ours.firstReport, 50),
        percentile(theirs.firstReport, 50),
        'at most',
        'ms',
      ),
    ];
  });
}

function ahead(name: string, value: number, limit: number, kind: Bar['kind'], unit: string): Bar {
  return { name, value, limit: Math.round(limit * 10) / 10, kind, unit };
}

function count(name: string, value: number): Bar {
  return { name, value, limit: 0, kind: 'at most', unit: '', digits: 0 };
}

function limitOf(name: string, value: number, limit: number): Bar {
  return { name, value, limit, kind: 'at most', unit: 'ms' };
}

function hasKind(name: string): boolean {
  return kinds.some((kind) => kind.name === name);
}
