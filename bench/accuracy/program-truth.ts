// The program's own account, made into what a report is judged by. Pure.
import { kindOf } from './kinds.ts';
import type { Scenario } from './scenarios.ts';
import {
  type Block,
  type Cause,
  lengthOf,
  overlapOf,
  type Run,
  type Span,
  type ThreadSpan,
} from './truth.ts';

interface StepTruth extends Span {
  readonly kind: string;
  readonly thread: number;
  readonly quiet: boolean;
  /** Milliseconds of it in which its thread was ready to run and got no processor. */
  readonly waitedMs?: number;
}

export interface ProgramTruth {
  readonly truths: readonly StepTruth[];
  readonly records: readonly {
    readonly thread: number;
    readonly from: number;
    readonly to: number;
    readonly gaps: readonly Span[];
    readonly collections: readonly Span[];
  }[];
}

/** What took this share of a block is its cause; what took the lesser share may be called so too. */
const mostlyShare = 0.6;
const alsoShare = 0.35;

/** Between two ticks of these clocks on a loop that is free, and a little more. */
const clockMs = 8;

export function readTruth(
  { truths, records }: ProgramTruth,
  { stopsAre }: Pick<Scenario, 'stopsAre'>,
): Pick<Run, 'blocks' | 'gaps' | 'watched' | 'quietMs'> {
  const gaps = records.flatMap(({ thread, gaps: each }) => each.map((gap) => ({ ...gap, thread })));
  const collections = records.flatMap((record) =>
    record.collections.map((each) => ({ ...each, thread: record.thread })),
  );
  const made = truths.filter(({ quiet }) => !quiet).map((step) => blockOf(step, gaps, collections));
  const stops = stopsAre === undefined ? [] : distinctStops(gaps).map((gap) => stopAsBlock(gap, stopsAre));
  return {
    blocks: [...made, ...stops],
    gaps,
    watched: {
      start: Math.min(...records.map(({ from }) => from)),
      end: Math.max(...records.map(({ to }) => to)),
    },
    quietMs: truths.filter(({ quiet }) => quiet).reduce((sum, step) => sum + lengthOf(step), 0),
  };
}

function blockOf(step: StepTruth, gaps: readonly ThreadSpan[], collections: readonly ThreadSpan[]): Block {
  const { kind, thread, start, end } = step;
  const collectedMs = collections
    .filter((each) => each.thread === thread)
    .reduce((sum, each) => sum + overlapOf(each, step), 0);
  const stop = wholeStop(
    step,
    gaps.filter((gap) => gap.thread === thread),
  );
  return { kind, thread, start, end, stop, causes: causesOf(step, collectedMs) };
}

/** What the loop's own clocks show of it, and of what went before and after it in the same turn. */
function wholeStop({ start, end }: Span, gaps: readonly Span[]): Span {
  const holding = gaps.filter((gap) => gap.start <= end && gap.end >= end);
  const first = Math.min(start, ...holding.map((gap) => gap.start));
  return {
    start: start - first > clockMs ? first : start,
    end: Math.max(end, ...holding.map((gap) => gap.end)),
  };
}

function causesOf(step: StepTruth, collectedMs: number): readonly Cause[] {
  const { cause } = kindOf(step.kind);
  const own = cause === 'gc' ? 'cpu' : cause;
  const shares: readonly [Cause, number][] = [
    ['gc', collectedMs / lengthOf(step)],
    ['starved', (step.waitedMs ?? 0) / lengthOf(step)],
  ];
  const most = shares.find(([, share]) => share >= mostlyShare);
  return most === undefined
    ? [own, ...shares.filter(([, share]) => share >= alsoShare).map(([name]) => name)]
    : [most[0]];
}

/** Both clocks record one stop: it is taken once, as the first of them saw it. */
export function distinctStops(gaps: readonly ThreadSpan[]): readonly ThreadSpan[] {
  const distinct: ThreadSpan[] = [];
  for (const gap of gaps.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const again = distinct.some(
      (each) =>
        each.thread === gap.thread && overlapOf(each, gap) >= Math.min(lengthOf(each), lengthOf(gap)) / 2,
    );
    if (!again) {
      distinct.push(gap);
    }
  }
  return distinct;
}

function stopAsBlock({ thread, start, end }: ThreadSpan, kind: string): Block {
  return { kind, thread, start, end, stop: { start, end }, causes: ['starved'] };
}
