// Is the delay right? A loop is held by a seeded schedule, in timers and in the handlers of requests; its
// program accounts for each block, and so for what a probe at each step of 10 ms met. Loopscope and two peers run in
// the same process, on the same loop.
import { installLocked } from '../scripts/locked-install.ts';
import { freePort } from '../test/harness/app.ts';
import { describeBucket, highestBucket, quantileBucket } from './delay/delays.ts';
import { type DelayRun, type Peer, runSchedule, type Target } from './delay/run.ts';
import { schedules } from './delay/schedule.ts';
import type { Gauges } from './delay/scrape.ts';
import type { Bar } from './harness/bar.ts';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { listening, tellsAddress } from './harness/listening.ts';
import { launch } from './harness/running-process.ts';
import { figure, type Table } from './harness/table.ts';
import { benchFile, loopscope } from './harness/variant.ts';

const seed = 20_261_125;

async function measure({ node, rounds, sdkFolder }: BenchContext): Promise<Measurement> {
  const [promClient, runtimeNode] = [await freePort(), await freePort()];
  const env = {
    ...tellsAddress,
    PROM_CLIENT_PORT: String(promClient),
    RUNTIME_NODE_PORT: String(runtimeNode),
  };
  const args = ['--import', benchFile('delay/peers.mjs'), benchFile('programs/held-loop.mjs')];
  await using running = launch({ node, variant: loopscope(sdkFolder), args, env });
  const [{ url }, { match }] = await Promise.all([listening(running), running.printed(/^\{"port":(\d+)\}$/)]);
  const peer = (name: string, port: number, prefix: string): Peer => ({
    name,
    prefix,
    url: `http://127.0.0.1:${port}`,
  });
  const target: Target = {
    running,
    port: Number(match[1]),
    ours: url,
    peers: [
      peer('prom-client', promClient, 'nodejs_eventloop_lag'),
      peer('runtime-node', runtimeNode, 'nodejs_eventloop_delay'),
    ],
  };
  const runs: DelayRun[] = [];
  for (const [index, schedule] of schedules.entries()) {
    runs.push(await runSchedule(target, schedule, seed + index, rounds * 1000));
  }
  return {
    tables: [ourTable(runs), peerTable(runs)],
    bars: runs.filter(({ schedule }) => schedule.barred).flatMap(barsOf),
    readings: runs.map(({ probed: _, ...run }) => run),
  };
}

function ourTable(runs: readonly DelayRun[]): Table {
  const pair = (run: DelayRun, bucket: (delays: DelayRun['ours']) => number): readonly string[] => [
    describeBucket(bucket(run.truth)),
    describeBucket(bucket(run.ours)),
  ];
  return {
    title: 'The histogram beside what the probe met (buckets in seconds)',
    headings: [
      'schedule',
      'held',
      'sum met (s)',
      'sum',
      'off by',
      'steps',
      'counted',
      'p50 met',
      'p50',
      'p99 met',
      'p99',
      'max met',
      'max',
      'explained',
      'starved (ms)',
      'suspended (ms)',
    ],
    rows: runs.map((run) => [
      run.schedule.name,
      `${figure(100 * run.utilization, 0)} %`,
      figure(run.truth.sum, 2),
      figure(run.ours.sum, 2),
      run.truth.sum > 0 ? `${figure(100 * (run.ours.sum / run.truth.sum - 1), 1)} %` : '-',
      String(run.truth.steps),
      String(run.ours.steps),
      ...pair(run, (delays) => quantileBucket(delays, 0.5)),
      ...pair(run, (delays) => quantileBucket(delays, 0.99)),
      ...pair(run, highestBucket),
      figure(run.explained, 2),
      figure(run.starvedMs, 0),
      figure(run.suspendedMs, 0),
    ]),
  };
}

function peerTable(runs: readonly DelayRun[]): Table {
  const parts = ['mean', 'p50', 'p99', 'max'] as const;
  const rows = runs.flatMap((run) => {
    const { probed, truth } = run;
    const met: Gauges = {
      mean: truth.sum / truth.steps,
      p50: probed[Math.ceil(probed.length * 0.5) - 1] ?? Number.NaN,
      p99: probed[Math.ceil(probed.length * 0.99) - 1] ?? Number.NaN,
      max: probed.at(-1) ?? Number.NaN,
    };
    const line = (name: string, gauges: Gauges): readonly string[] => [
      name,
      ...parts.map((part) => figure(gauges[part] * 1000, 1)),
    ];
    return [
      line(`${run.schedule.name}: met`, met),
      line('  loopscope, last 15 s', run.oursGauges),
      ...Object.entries(run.peers).map(([name, readings]) => line(`  ${name}`, averaged(readings))),
    ];
  });
  return {
    title: 'Gauges (ms); those of the peers averaged over scrapes each 5 s, their max the greatest of them',
    headings: ['', ...parts],
    rows,
  };
}

function averaged(readings: readonly Gauges[]): Gauges {
  const usable = readings.filter(({ max }) => Number.isFinite(max));
  const mean = (part: keyof Gauges): number =>
    usable.reduce((sum, each) => sum + each[part], 0) / usable.length;
  return {
    mean: mean('mean'),
    p50: mean('p50'),
    p99: mean('p99'),
    max: Math.max(...usable.map(({ max }) => max)),
  };
}

function barsOf(run: DelayRun): readonly Bar[] {
  const { schedule, truth, ours, oursGauges } = run;
  if (schedule.from === 'nothing') {
    return [
      { name: 'idle, p50', value: oursGauges.p50 * 1000, limit: 1, kind: 'at most', unit: 'ms', digits: 3 },
      buckets('idle, p50 of the histogram', 0, quantileBucket(ours, 0.5), 0),
    ];
  }
  return [
    {
      name: `${schedule.name}: sum off by`,
      value: 100 * Math.abs(ours.sum / truth.sum - 1),
      limit: 5,
      kind: 'at most',
      unit: '%',
    },
    ...([0.5, 0.99] as const).map((share) =>
      buckets(
        `${schedule.name}: p${100 * share} off by`,
        quantileBucket(truth, share),
        quantileBucket(ours, share),
        1,
      ),
    ),
    buckets(`${schedule.name}: max off by`, highestBucket(truth), highestBucket(ours), 1),
  ];
}

function buckets(name: string, truth: number, found: number, limit: number): Bar {
  return { name, value: Math.abs(found - truth), limit, kind: 'at most', unit: 'buckets', digits: 0 };
}

installLocked('bench/peers');
await runBench({
  name: 'delay',
  title: 'Delay: seeded schedules of blocks of 1 to 2000 ms, beside what a probe each 10 ms met',
  rounds: 30,
  roundsHelp: 'seconds of each schedule',
  measure,
});
