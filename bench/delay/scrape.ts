// What the endpoints say, from outside.
import { parsePrometheusText } from '../../packages/exporter/test/support/prometheus-text.ts';
import type { Delays } from './delays.ts';

/** The gauges that both peers and Loopscope have, in seconds. */
export interface Gauges {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

async function read(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(20_000) });
  return await response.text();
}

export interface OurReading {
  readonly delays: Delays;
  readonly gauges: Gauges;
  /** NaN where it is absent. */
  readonly explained: number;
  /** Cumulative. */
  readonly suspendedMs: number;
}

/** Loopscope's histogram, its gauges, and what it says of them. */
export async function readOurs(url: string): Promise<OurReading> {
  const text = await read(url);
  const name = 'loopscope_eventloop_delay_seconds';
  const family = parsePrometheusText(text).get(name);
  const series = (suffix: string): readonly number[] =>
    (family?.samples.get(`${name}_${suffix}`) ?? []).map(({ value }) => value);
  const accumulated = series('bucket');
  const buckets = accumulated.map((count, index) => count - (accumulated[index - 1] ?? 0));
  const [steps = Number.NaN] = series('count');
  const [sum = Number.NaN] = series('sum');
  const single = (metric: string): number =>
    Number(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1]);
  return {
    delays: { steps, sum, buckets },
    gauges: gaugesOf(text, 'nodejs_eventloop_delay'),
    explained: single('loopscope_eventloop_delay_explained_ratio'),
    suspendedMs: single('loopscope_process_suspension_time_seconds_total') * 1000,
  };
}

export function difference(after: Delays, before: Delays): Delays {
  return {
    steps: after.steps - before.steps,
    sum: after.sum - before.sum,
    buckets: after.buckets.map((count, bucket) => count - (before.buckets[bucket] ?? 0)),
  };
}

/** A peer, whose values a reading resets. */
export async function readPeer(url: string, prefix: string): Promise<Gauges> {
  return gaugesOf(await read(url), prefix);
}

// runtime-node's exporter prints no unit.
function gaugesOf(text: string, prefix: string): Gauges {
  const value = (part: string): number =>
    Number(new RegExp(`^${prefix}_${part}(?:_seconds)?(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1]);
  return { mean: value('mean'), p50: value('p50'), p99: value('p99'), max: value('max') };
}
