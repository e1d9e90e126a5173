import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../../sdk/test/support/seeded-random.ts';
import { advance, inactive, type SeriesState } from '../../src/alerts/series-state.ts';

const calm = { forMs: 30, keepFiringForMs: 20 };

/** What becomes of a series that holds (1) or not (0) at each of these times. */
function life(timing: typeof calm, steps: readonly (readonly [now: number, holds: 0 | 1])[]): string[] {
  let state: SeriesState = inactive;
  return steps.map(([now, holds]) => {
    const step = advance(state, holds === 1, now, timing);
    state = step.state;
    return `${state.kind}${step.change === undefined ? '' : `, ${step.change}`}`;
  });
}

describe('an alert', () => {
  test('fires once its condition has held for long enough', () => {
    const steps = [
      [0, 1],
      [29, 1],
      [30, 1],
      [60, 1],
    ] as const;
    expect(life(calm, steps)).toEqual(['pending', 'pending', 'firing, firing', 'firing']);
  });

  test('fires at once where nothing is to be waited for, and is resolved at once', () => {
    const hasty = { forMs: 0, keepFiringForMs: 0 };
    expect(
      life(hasty, [
        [0, 0],
        [1, 1],
        [2, 0],
        [3, 0],
      ]),
    ).toEqual(['inactive', 'firing, firing', 'inactive, resolved', 'inactive']);
  });

  test('waits anew where its condition lapsed meanwhile', () => {
    expect(
      life(calm, [
        [0, 1],
        [20, 0],
        [25, 1],
        [54, 1],
        [55, 1],
      ]),
    ).toEqual(['pending', 'inactive', 'pending', 'pending', 'firing, firing']);
  });

  test('is kept firing through a lapse, and is resolved after a longer one', () => {
    const steps = [
      [0, 1],
      [30, 1],
      [40, 0],
      [49, 0],
      [49, 1],
      [60, 0],
      [68, 0],
      [69, 0],
    ] as const;
    expect(life(calm, steps).slice(1)).toEqual([
      'firing, firing',
      'firing',
      'firing',
      'firing',
      'firing',
      'firing',
      'inactive, resolved',
    ]);
  });
});

describe('whatever happens', () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))(
    'firing and resolved alternate: seed %i',
    (seed) => {
      const random = new SeededRandom(seed);
      const timing = { forMs: random.integer(0, 50), keepFiringForMs: random.integer(0, 50) };
      let state: SeriesState = inactive;
      let now = 0;
      let heldSince: number | undefined;
      let lastHeld = Number.NEGATIVE_INFINITY;
      let last = 'resolved';
      for (let turn = 0; turn < 300; turn += 1) {
        now += random.integer(0, 20);
        const holds = random.chance(0.6);
        heldSince = holds ? (heldSince ?? now) : undefined;
        lastHeld = holds ? now : lastHeld;
        const step = advance(state, holds, now, timing);
        state = step.state;
        if (step.change === 'firing') {
          expect(last).toBe('resolved');
          expect(now - (heldSince ?? Number.NaN)).toBeGreaterThanOrEqual(timing.forMs);
        } else if (step.change === 'resolved') {
          expect(last).toBe('firing');
          expect(now - lastHeld).toBeGreaterThanOrEqual(timing.keepFiringForMs);
        } else if (last === 'resolved' && heldSince !== undefined) {
          expect(now - heldSince).toBeLessThan(timing.forMs);
        } else if (last === 'firing') {
          expect(holds || now - lastHeld < timing.keepFiringForMs).toBe(true);
        }
        last = step.change ?? last;
      }
    },
  );
});
