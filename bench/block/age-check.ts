// Whether the age that the endpoint tells is the block's true age.
import { Metrics } from '../../test/harness/scrape.ts';
import { ageMetric, type BlockedRun } from './blocked-run.ts';

export interface AgeCheck {
  /** Answers of /metrics from which an age was due. */
  readonly due: number;
  /** Of these, the ones without an age above zero. */
  readonly missing: number;
  /** How often an age was lower than the one before it. */
  readonly falls: number;
  /** The farthest, in milliseconds, that an age lay outside of what was true while it was asked. */
  readonly farthestMs: number;
}

/** From so long after its start, in milliseconds, a block has to be seen: the threshold and 60 more. */
const dueAfterMs = 160;

export function checkAges({ start, end, answers }: BlockedRun): AgeCheck {
  const due = answers.filter(
    ({ path, askedAt, answeredAt }) =>
      path === '/metrics' && askedAt >= start + dueAfterMs && answeredAt <= end,
  );
  const ages = due.map(({ status, body }) =>
    status === 200 ? (new Metrics(body).sum(ageMetric, { thread: 'main' }) ?? 0) * 1_000 : 0,
  );
  const outside = ages.map((age, index) => {
    const { askedAt, answeredAt } = due[index] as (typeof due)[number];
    return Math.max(0, askedAt - start - age, age - (answeredAt - start));
  });
  return {
    due: due.length,
    missing: ages.filter((age) => !(age > 0)).length,
    falls: ages.filter((age, index) => index > 0 && age < (ages[index - 1] ?? 0)).length,
    farthestMs: Math.max(0, ...outside),
  };
}
