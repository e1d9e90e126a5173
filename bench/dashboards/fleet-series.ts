// What 1,000 instances would have left in a Prometheus: the series that Fleet and Stalls ask for, one
// cause of stalls per instance, values that rise as real ones do. Written as OpenMetrics text.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { metric } from '../../grafana/metric-names.ts';
import { catalogue } from '../../packages/sdk/src/telemetry/index.ts';

export interface FleetShape {
  readonly instances: number;
  readonly hours: number;
  readonly stepSeconds: number;
  /** Unix seconds of the last sample. */
  readonly end: number;
}

interface Series {
  readonly name: string;
  readonly labels: string;
  /** The value at a step; counters never fall. */
  readonly value: (step: number) => number;
}

const instancesPerJob = 250;
const causes = ['cpu', 'sync-io', 'gc', 'microtasks', 'starved'];

/** Series of one instance, by its number from 0. */
export function seriesOf(index: number, { stepSeconds }: Pick<FleetShape, 'stepSeconds'>): readonly Series[] {
  const job = `service-${Math.floor(index / instancesPerJob)}`;
  const instance = `10.0.${Math.floor(index / 250)}.${index % 250}:9465`;
  const own = `job="${job}",instance="${instance}"`;
  const main = `${own},thread="main"`;
  // A few suffer much, most a little: the shares of time that they lose differ by a factor of 1000.
  const lost = 0.1 / (1 + index);
  const busy = 0.2 + (index % 7) / 10;
  const counter = (perSecond: number) => (step: number) => round(perSecond * stepSeconds * step);
  const series: Series[] = [];
  const add = (name: string, labels: string, value: (step: number) => number, part = ''): void => {
    series.push({ name: `${metric(name)}${part}`, labels, value });
  };
  add('process.uptime', own, (step) => step * stepSeconds + index);
  add('loopscope.eventloop.stall.age', main, (step) => ((step + index) % 97 === 0 ? 0.4 : 0));
  for (const [phase, share] of [
    ['running', lost],
    ['startup', 0],
  ] as const) {
    add('loopscope.eventloop.stall.time', `${main},phase="${phase}"`, counter(share));
  }
  add('nodejs.eventloop.utilization', main, (step) => round(busy + ((step * 7 + index) % 10) / 100));
  add('nodejs.eventloop.time', `${main},nodejs_eventloop_state="active"`, counter(busy));
  for (const type of ['major', 'minor', 'incremental']) {
    add('v8js.gc.duration', `${main},v8js_gc_type="${type}"`, counter(0.01), '_sum');
  }
  addHistogram(series, 'loopscope.eventloop.delay', main, 100, stepSeconds);
  const stall = `${main},cause="${causes[index % causes.length]}",phase="running"`;
  addHistogram(series, 'loopscope.eventloop.stall.duration', stall, lost * 4, stepSeconds);
  add('loopscope.eventloop.stall.duration', stall, counter(lost), '_sum');
  add('loopscope.eventloop.stall.duration', stall, counter(lost * 4), '_count');
  for (const place of [index % 40, 40 + (index % 11)]) {
    const labels = `${main},code_function_name="function${place}",code_file_path="src/file${place}.ts",fingerprint="${place}"`;
    add('loopscope.eventloop.stall.culprit.time', labels, counter(lost / 2));
  }
  add('loopscope.eventloop.stall.requests', main, counter(lost * 8));
  add('loopscope.process.suspension.time', own, counter(0));
  series.push({
    name: 'target_info',
    labels: `${own},service_name="${job}",service_version="1.${index % 3}.0"`,
    value: () => 1,
  });
  return series;
}

function addHistogram(
  series: Series[],
  name: string,
  labels: string,
  perSecond: number,
  stepSeconds: number,
): void {
  const bounds = catalogue.find((each) => each.name === name);
  const buckets: readonly number[] = bounds !== undefined && 'buckets' in bounds ? bounds.buckets : [];
  for (const [place, bound] of [...buckets, Number.POSITIVE_INFINITY].entries()) {
    const share = bound === Number.POSITIVE_INFINITY ? 1 : 1 - 0.3 ** (place + 1);
    series.push({
      name: `${metric(name)}_bucket`,
      labels: `${labels},le="${bound === Number.POSITIVE_INFINITY ? '+Inf' : bound}"`,
      value: (step) => Math.floor(perSecond * share * stepSeconds * step),
    });
  }
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** Writes all samples and returns how many series and samples there are. */
export async function writeOpenMetrics(
  file: string,
  shape: FleetShape,
): Promise<{ series: number; samples: number }> {
  const { instances, hours, stepSeconds, end } = shape;
  const steps = Math.floor((hours * 3600) / stepSeconds);
  const out = createWriteStream(file, { highWaterMark: 1 << 22 });
  let series = 0;
  for (let index = 0; index < instances; index++) {
    let text = '';
    for (const { name, labels, value } of seriesOf(index, shape)) {
      series += 1;
      const head = `${name}{${labels}} `;
      for (let step = 0; step <= steps; step++) {
        text += `${head}${value(step)} ${end - (steps - step) * stepSeconds}\n`;
      }
    }
    if (!out.write(text)) {
      await once(out, 'drain');
    }
  }
  out.end('# EOF\n');
  await once(out, 'close');
  return { series, samples: series * (steps + 1) };
}
