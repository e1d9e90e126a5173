// The delay of a real loop, read by a scraper and by a push at once.
import { describe, expect, test } from 'vitest';
import { Collector } from '../../packages/exporter/test/support/collector.ts';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { type Metrics, scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

const name = 'loopscope.eventloop.delay';
const series = 'loopscope_eventloop_delay_seconds';
const gauges = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'] as const;

interface Delays {
  /** By bucket, not accumulated; without the first, which rises as time goes by. */
  readonly late: readonly number[];
  readonly sum: number;
}

function scrapedDelays(metrics: Metrics): Delays {
  const buckets = metrics.samples.filter((sample) => sample.name === `${series}_bucket`);
  const accumulated = buckets.map(({ value }) => value);
  return {
    late: accumulated.slice(1).map((count, index) => count - (accumulated[index] ?? 0)),
    sum: metrics.sum(`${series}_sum`) ?? Number.NaN,
  };
}

const scrapedGauges = (metrics: Metrics): readonly (number | undefined)[] =>
  gauges.map((part) => metrics.sum(`nodejs_eventloop_delay_${part}_seconds`));

/** All deltas that were pushed, added up, and the gauges of the last push. */
function pushed(collector: Collector): { delays: Delays; gauges: readonly (number | undefined)[] } {
  // Stalls are pushed too, to paths of their own.
  const pushes = collector.requests.filter(({ path }) => path === '/v1/metrics');
  const points = pushes.flatMap((request) => request.metrics().metrics.get(name)?.points ?? []);
  const late = Array.from({ length: 13 }, (_, bucket) =>
    points.reduce((total, { buckets }) => total + (buckets?.[bucket + 1] ?? 0), 0),
  );
  const sum = points.reduce((total, point) => total + (point.sum ?? Number.NaN), 0);
  const last = pushes.at(-1)?.metrics().metrics;
  return {
    delays: { late, sum },
    gauges: gauges.map((part) => last?.get(`nodejs.eventloop.delay.${part}`)?.points[0]?.value),
  };
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test('a scraper and a push of deltas are told the same delays, and the same gauges', async () => {
    const collector = await Collector.open();
    await using stack = new AsyncDisposableStack();
    stack.defer(collector.close);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      OTEL_METRIC_EXPORT_INTERVAL: '700',
    };
    const app = stack.use(await startApp({ node, args: [fixture('blocks/app.mjs')], env }));
    const before = scrapedDelays(await scrape(app.url)).sum;
    app.tell('cpu-loop 1200');
    const shown: Delays[] = [];
    await until('the block is over', async () => {
      shown.push(scrapedDelays(await scrape(app.url)));
      return /"kind":"cpu-loop"/.test(app.stdout());
    });
    await until('both have been told the same', async () => {
      const metrics = await scrape(app.url);
      const { delays, gauges: last } = pushed(collector);
      expect(delays.late).toEqual(scrapedDelays(metrics).late);
      expect(delays.sum).toBeCloseTo(scrapedDelays(metrics).sum, 9);
      expect(last).toEqual(scrapedGauges(metrics));
      shown.push(scrapedDelays(metrics));
      return delays.sum > before + 1.1 ** 2 / 0.02;
    });
    // 1.2 s hold up 120 steps, by 0.6 s on average: 72 s. The machine may add to it.
    expect((shown.at(-1)?.sum ?? 0) - before).toBeGreaterThan(60);
    // It was told while the block lasted, and nothing of it was taken back.
    expect(new Set(shown.map(({ sum }) => sum)).size).toBeGreaterThan(3);
    for (const [index, { late, sum }] of shown.entries()) {
      expect(sum).toBeGreaterThanOrEqual(shown[index - 1]?.sum ?? 0);
      late.forEach((count, bucket) => {
        expect(count).toBeGreaterThanOrEqual(shown[index - 1]?.late[bucket] ?? 0);
      });
    }
  });

  test('an idle loop has a median delay under a millisecond', async () => {
    await using app = await startApp({ node, args: [fixture('blocks/app.mjs')] });
    await until('the median is that of an idle loop', async () => {
      const metrics = await scrape(app.url);
      const p50 = metrics.sum('nodejs_eventloop_delay_p50_seconds');
      expect(metrics.sum(`${series}_count`)).toBeGreaterThan(200);
      return p50 !== undefined && p50 < 0.001;
    });
  });
});
