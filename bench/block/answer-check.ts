// Whether answers came in time. One that came late because the machine gave no processor is excused.
import type { BlockedRun } from './blocked-run.ts';
import type { Answer } from './poller.ts';
import { starvedDuring } from './starvation.ts';

export const answerLimitMs = 50;

export interface AnswerCheck {
  readonly path: string;
  /** Milliseconds of each answer. */
  readonly durations: readonly number[];
  /** The slowest of those that are not excused. */
  readonly slowestMs: number;
  /** How many were over the limit, and waited for a processor for half of their time or more. */
  readonly excused: number;
  /** What was not answered with 200, or over the limit without an excuse. */
  readonly failures: readonly Answer[];
}

export function checkAnswers({ answers, starvation }: BlockedRun, path: string): AnswerCheck {
  const isStarved = (answer: Answer): boolean =>
    starvedDuring(starvation, answer.askedAt, answer.answeredAt) >= durationOf(answer) / 2;
  const all = answers.filter((each) => each.path === path);
  const slow = all.filter((each) => durationOf(each) > answerLimitMs);
  const excused = slow.filter(isStarved);
  const counted = all.filter((each) => !excused.includes(each));
  return {
    path,
    durations: all.map(durationOf),
    slowestMs: Math.max(...counted.map(durationOf)),
    excused: excused.length,
    failures: all.filter((each) => each.status !== 200 || (slow.includes(each) && !excused.includes(each))),
  };
}

export function durationOf({ askedAt, answeredAt }: Answer): number {
  return answeredAt - askedAt;
}
