import { describe, expect, test } from 'vitest';
import { type TickBounds, TickClock } from '../../src/agent/tick-clock.ts';
import { SeededRandom } from '../support/seeded-random.ts';

/** As a histogram of three digits keeps an interval. */
const digitError = 1 / 2048;

interface Seen {
  readonly tick: number;
  readonly looks: TickBounds;
  readonly dated: TickBounds;
}

/** Looks at a loop that ticks each 25 ms and is blocked now and then, for up to ten seconds. */
function life(seed: number, seenTicks: number): Seen[] {
  const random = new SeededRandom(seed);
  const clock = new TickClock();
  const seen: Seen[] = [];
  let tick = random.between(0, 25);
  let next = tick + 25;
  let intervalsMs = 0;
  let after = 0;
  while (seen.length < seenTicks) {
    const before = after + random.between(50, 53);
    const tickBefore = tick;
    while (next <= before) {
      intervalsMs += (next - tick) * random.between(1 - digitError, 1 + digitError);
      tick = next;
      next = tick + 25 + (random.chance(0.2) ? random.between(0, 10_000) : random.between(0, 1));
    }
    if (tick !== tickBefore) {
      seen.push({ tick, looks: { after, before }, dated: clock.date(intervalsMs, { after, before }) });
    }
    after = before;
  }
  return seen;
}

const lives = Array.from({ length: 50 }, (_, seed) => life(seed, 200));
const width = ({ after, before }: TickBounds): number => before - after;

test('a tick lies within its bounds, and those between its looks, whatever blocks the loop', () => {
  for (const { tick, looks, dated } of lives.flat()) {
    expect(dated.after).toBeLessThanOrEqual(tick + 1e-6);
    expect(dated.before).toBeGreaterThanOrEqual(tick - 1e-6);
    expect(dated.after).toBeGreaterThanOrEqual(looks.after - 1e-6);
    expect(dated.before).toBeLessThanOrEqual(looks.before + 1e-6);
  }
});

test('on a loop that only ticks, the bounds close in to a few milliseconds', () => {
  const random = new SeededRandom(1);
  const clock = new TickClock();
  const widths: number[] = [];
  let after = 0;
  for (let look = 0; look < 200; look += 1) {
    const before = after + random.between(50, 53);
    const ticks = Math.floor(before / 25.1);
    const first = Math.floor(after / 25.1) + 1;
    // Of the ticks since the look before, all but the first took so long at the least.
    const othersMs = (ticks - first) * 24;
    widths.push(width(clock.date(ticks * 25.1, { after, before }, othersMs)));
    after = before;
  }
  expect(widths[0]).toBeGreaterThan(20);
  expect(Math.max(...widths.slice(100))).toBeLessThan(6);
});

test('after a block of seconds they have widened by its share that three digits lose, no more', () => {
  const growth = lives.flatMap((seen) =>
    seen.slice(1).map(({ tick, dated }, index) => {
      const before = seen[index] as Seen;
      return (width(dated) - width(before.dated)) / (tick - before.tick);
    }),
  );
  expect(Math.max(...growth)).toBeLessThan(0.0025);
});

describe('a sum that cannot be', () => {
  const looks = { after: 1000, before: 1050 };

  test.each([0, 1e9, -1e9])(
    'as after a reset of the histogram leaves what the looks alone tell: %d',
    (intervalsMs) => {
      const clock = new TickClock();
      clock.date(500, { after: 500, before: 550 });
      expect(clock.date(intervalsMs, looks)).toEqual({
        after: expect.closeTo(1000),
        before: expect.closeTo(1050),
      });
    },
  );

  test('because a tick came sooner than it can, leaves what the looks alone tell', () => {
    const told = new TickClock().date(500, looks, 60);
    expect(told).toEqual({ after: expect.closeTo(1000), before: expect.closeTo(1050) });
  });

  test('does not keep the clock from closing in again', () => {
    const clock = new TickClock();
    clock.date(500, { after: 500, before: 550 });
    clock.date(0, looks);
    expect(clock.date(100, { after: 1130, before: 1180 })).toEqual({
      after: expect.closeTo(1130),
      before: expect.closeTo(1150, 0),
    });
  });
});
