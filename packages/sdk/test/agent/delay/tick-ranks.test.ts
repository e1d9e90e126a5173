import { createHistogram } from 'node:perf_hooks';
import { describe, expect, test } from 'vitest';
import { binOf, leastLatenessMs } from '../../../src/agent/delay/lateness-bins.ts';
import { type TickHistogram, TickRanks } from '../../../src/agent/delay/tick-ranks.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

const heartbeatMs = 25;
const seeds = Array.from({ length: 10 }, (_, seed) => seed);

/** A native histogram, as the heartbeat fills it; it keeps three digits, so no value is near an edge. */
class Ticks {
  readonly histogram = createHistogram();
  questions = 0;

  late(ms: number): void {
    this.histogram.record(Math.round((heartbeatMs + ms) * 1e6));
  }

  get asked(): TickHistogram {
    const { histogram } = this;
    const count = (): void => {
      this.questions += 1;
    };
    return {
      get count() {
        return histogram.count;
      },
      percentile: (percentile) => {
        count();
        return histogram.percentile(percentile);
      },
    };
  }
}

/** A lateness in the middle of its bin, within which three digits can't move it out. */
function drawLateness(random: SeededRandom): number {
  for (;;) {
    const ms = random.chance(0.5) ? random.between(-1, 0.3) : 0.6 * 2 ** random.between(0, 14);
    if (binOf(ms - (heartbeatMs + ms) * 0.002) === binOf(ms + (heartbeatMs + ms) * 0.002)) {
      return ms;
    }
  }
}

describe('ticks since the last read', () => {
  test.each(seeds)('are found in whichever bins they came, over many reads: seed %i', (seed) => {
    const random = new SeededRandom(seed);
    const ticks = new Ticks();
    const ranks = new TickRanks(ticks.asked, heartbeatMs);
    for (let read = 0; read < 60; read += 1) {
      const drawn = Array.from({ length: random.integer(0, 40) }, () => drawLateness(random));
      drawn.forEach((each) => {
        ticks.late(each);
      });
      const late = drawn.filter((each) => each >= leastLatenessMs);
      const bins = Map.groupBy(late, binOf);
      expect(ranks.read(ticks.histogram.count)).toEqual({
        ticks: drawn.length,
        late: [...bins].map(([bin, { length }]) => ({ bin, ticks: length })).sort((a, b) => a.bin - b.bin),
      });
    }
  });

  test('are one question while none is late, however many have come before', () => {
    const ticks = new Ticks();
    const ranks = new TickRanks(ticks.asked, heartbeatMs);
    const random = new SeededRandom(1);
    for (let each = 0; each < 5000; each += 1) {
      ticks.late(drawLateness(random));
    }
    ranks.read(ticks.histogram.count);
    ticks.questions = 0;
    for (let each = 0; each < 40; each += 1) {
      ticks.late(0.15);
    }
    expect(ranks.read(ticks.histogram.count)).toEqual({ ticks: 40, late: [] });
    expect(ticks.questions).toBe(1);
    expect(ranks.read(ticks.histogram.count)).toEqual({ ticks: 0, late: [] });
    expect(ticks.questions).toBe(1);
  });

  test('of which one is late are few questions', () => {
    const ticks = new Ticks();
    const ranks = new TickRanks(ticks.asked, heartbeatMs);
    for (let each = 0; each < 40; each += 1) {
      ticks.late(each === 7 ? 300 : 0.15);
    }
    expect(ranks.read(ticks.histogram.count)?.late).toEqual([{ bin: binOf(300), ticks: 1 }]);
    expect(ticks.questions).toBeLessThan(25);
  });

  test('are left for the next read where more have come', () => {
    const ticks = new Ticks();
    const ranks = new TickRanks(ticks.asked, heartbeatMs);
    ticks.late(55);
    ticks.late(300);
    expect(ranks.read(1)).toBeUndefined();
    expect(ranks.read(2)?.ticks).toBe(2);
  });

  test('and where more come while they are read', () => {
    const { histogram } = new Ticks();
    let ticking = true;
    const restless: TickHistogram = {
      get count() {
        return histogram.count;
      },
      percentile: (percentile) => {
        if (ticking) {
          histogram.record(25e6);
        }
        return histogram.percentile(percentile);
      },
    };
    histogram.record(80e6);
    const ranks = new TickRanks(restless, heartbeatMs);
    expect(ranks.read(1)).toBeUndefined();
    ticking = false;
    expect(ranks.read(histogram.count)).toEqual({
      ticks: histogram.count,
      late: [{ bin: binOf(55), ticks: 1 }],
    });
  });

  test('are none of a histogram that is still empty', () => {
    expect(new TickRanks(new Ticks().asked, heartbeatMs).read(0)).toEqual({ ticks: 0, late: [] });
  });
});
