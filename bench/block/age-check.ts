// Whether the age that the endpoint tells is the block's true age.
import { Metrics } from '../../test/harness/scrape.ts';
import { ageMetric, type BlockedRun } from './blocked-run.ts';

export interface AgeCheck {
  /** Answers of /metrics from which an age was due. */
  readonly due: number;
  /** Of these, the ones without an age above zero. */
  readonly missing: number;
  /** How often an age was no higher than one that had been answered before it was asked for. */
  readonly falls: number;
  /** The farthest, in milliseconds, that an age lay outside of what was true while it was asked. */
  readonly farthestMs: number;
}

/** From so long after its start, in milliseconds, a block has to be seen: the threshold and 60 more. */
const dueAfterMs = 160;

interface ToldAge {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly ageMs: number;
}

export function checkAges({ start, end, answers }: BlockedRun): AgeCheck {
  const ages: readonly ToldAge[] = answers
    .filter(({ path }) => path === '/metrics')
    .filter(({ askedAt, answeredAt }) => askedAt >= start + dueAfterMs && answeredAt <= end)
    .map(({ askedAt, answeredAt, status, body }) => {
      const seconds = status === 200 ? new Metrics(body).sum(ageMetric, { thread: 'main' }) : undefined;
      return { askedAt, answeredAt, ageMs: (seconds ?? 0) * 1_000 };
    });
  const outside = ages.map(({ askedAt, answeredAt, ageMs }) =>
    Math.max(0, askedAt - start - ageMs, ageMs - (answeredAt - start)),
  );
  const fell = ({ askedAt, ageMs }: ToldAge): boolean =>
    ages.some((earlier) => earlier.answeredAt <= askedAt && earlier.ageMs >= ageMs);
  return {
    due: ages.length,
    missing: ages.filter(({ ageMs }) => !(ageMs > 0)).length,
    falls: ages.filter(fell).length,
    farthestMs: Math.max(0, ...outside),
  };
}
