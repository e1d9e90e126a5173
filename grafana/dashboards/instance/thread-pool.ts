// libuv's thread pool.
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { thresholds } from '../../thresholds.ts';
import { rate, series } from '../selectors.ts';
import { colours, percentileColours } from '../theme.ts';
import { third } from './width.ts';

export function poolJobs(): sdk.Panel {
  return third({
    title: 'Jobs in the pool',
    shows:
      'File operations and name lookups in hand, by type, against the threads of the pool. Crypto and compression jobs are not listed.',
    act: 'Above the dashed line jobs queue. Set `UV_THREADPOOL_SIZE`, or ask for less of the largest type at once.',
    queries: [
      { expr: `sum by (type) (${series('loopscope.threadpool.pending')})`, legend: '{{type}}' },
      { expr: `sum(${series('loopscope.threadpool.size')})`, legend: 'threads' },
    ],
    unit: 'none',
    stacked: true,
    limits: ['threads'],
  });
}

export function poolWait(): sdk.Panel {
  const quantile = (share: number): string =>
    `histogram_quantile(${share}, sum by (le) (${rate('loopscope.threadpool.wait', '', '_bucket')}))`;
  return third({
    title: 'Wait for the pool',
    shows: 'How long a job waits for a free thread, measured by a probe that does next to nothing.',
    act: 'Every file and name lookup of the service waits this long in addition.',
    queries: [
      { expr: quantile(0.5), legend: 'p50' },
      { expr: quantile(0.99), legend: 'p99' },
    ],
    unit: 's',
    steps: [
      { from: thresholds.threadPoolWaitNoticedSeconds, colour: colours.noticed },
      { from: thresholds.threadPoolWaitBadSeconds, colour: colours.bad },
    ],
    colours: percentileColours,
  });
}

export function poolSaturation(): sdk.Panel {
  return third({
    title: 'Pool saturated',
    shows: 'Share of the readings in which no thread was free and jobs waited.',
    act: `Above ${thresholds.threadPoolSaturated * 100} % an alert fires. See which type fills the pool on the left.`,
    queries: [
      {
        expr: `max by (instance) (avg_over_time(${series('loopscope.threadpool.saturated')}[$__rate_interval]))`,
        legend: '{{instance}}',
      },
    ],
    unit: 'percentunit',
    max: 1,
    steps: [{ from: thresholds.threadPoolSaturated, colour: colours.bad }],
  });
}
