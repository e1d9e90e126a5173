// Which series a panel asks for. Scraped and pushed metrics carry the same `job` and `instance`, so the
// same selectors serve both.
import { metric } from '../metric-names.ts';
import { bucketBounds } from '../promql.ts';

const chosen = 'job=~"$job", instance=~"$instance"';

/** The chosen instances' series of a metric; `part` is a suffix such as `_bucket`. */
export function series(name: string, matchers = '', part = ''): string {
  return `${metric(name)}${part}{${matchers === '' ? chosen : `${chosen}, ${matchers}`}}`;
}

/** Per second, over the interval that Grafana finds fitting. */
export function rate(name: string, matchers = '', part = ''): string {
  return `rate(${series(name, matchers, part)}[$__rate_interval])`;
}

/** Over the whole time that the dashboard shows. */
export function overRange(fn: 'increase' | 'rate', name: string, matchers = '', part = ''): string {
  return `${fn}(${series(name, matchers, part)}[$__range])`;
}

/**
 * How much a counter has grown over the time shown, by labels. `increase` does not see the value with
 * which a series first appears, such as the first stall of a function; here it counts.
 */
export function gained(name: string, by: string, matchers = '', part = ''): string {
  const selector = series(name, matchers, part);
  const grown = `sum by (${by}) (increase(${selector}[$__range]))`;
  const appeared = `sum by (${by}) (min_over_time(${selector}[$__range]) unless ${selector} offset $__range)`;
  return `(${grown} + (${appeared} or ${grown} * 0))`;
}

/** Serving time only: what a boot blocks, nobody waits for. */
export const serving = 'phase="running"';

/**
 * Adds labels of the instance's resource. `topk` leaves one `target_info` per instance, since a join
 * fails where a process that was restarted has left a second.
 */
export function withResource(expression: string, labels: string): string {
  return `${expression} * on (job, instance) group_left (${labels}) topk by (job, instance) (1, target_info{${chosen}})`;
}

/** Share of time that the worst thread of each instance lost to stalls. */
export const lostShare = `max by (job, instance) (${rate('loopscope.eventloop.stall.time', serving)})`;

/**
 * Of a fleet every second bucket is enough: a thousand instances times all of them are more than a
 * Prometheus reads in a moment.
 */
export const fewDelayBuckets = bucketBounds([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]);
export const fewStallBuckets = bucketBounds([0.1, 0.25, 0.5, 1, 2.5, 10]);

/** Points along the time of a graph that reads the whole fleet. */
export const fleetPoints = 120;
