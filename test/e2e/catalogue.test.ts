// Every metric of the catalogue is in a scrape of the demo, and the scrape is what Prometheus likes. What
// this machine can't have is named here with the reason, and must then be absent.
import { spawnSync } from 'node:child_process';
import { catalogue, type MetricDefinition, prometheusName } from '@loopscope/sdk/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Service, startService } from '../../packages/demo-app/src/runner/service.ts';
import { Cgroup } from '../../packages/sdk/src/agent/system/cgroup.ts';
import { readMounts } from '../../packages/sdk/src/agent/system/contention.ts';
import { type Collector, refuses, startCollector } from '../harness/collector.ts';
import { parseSamples } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

const metrics: readonly MetricDefinition[] = catalogue;
const cgroup = new Cgroup(readMounts);
cgroup.refresh();

/** What can't be had here, and why. */
const absent: Readonly<Record<string, string | undefined>> = {
  'loopscope.cgroup.cpu.limit':
    cgroup.cpuLimit() === undefined ? 'no control group of this machine limits its CPU' : undefined,
  'loopscope.cgroup.memory.limit':
    cgroup.memory().limitBytes === undefined
      ? 'no control group of this machine limits its memory'
      : undefined,
};

/** Names of the semantic conventions that promtool would like to be others. */
const standardNames = ['process_thread_count', 'process_unix_file_descriptor_count'];

// A leak is suspected after some windows, and what can't be sent is given up; both shall be soon.
const environment = {
  LOOPSCOPE_TASKS: 'counts',
  LOOPSCOPE_LEAK_WINDOW_MS: '1500',
  LOOPSCOPE_ALERTS: '[{ "stall": "durationMs", "operator": ">=", "value": 150 }]',
  OTEL_METRIC_EXPORT_INTERVAL: '500',
  OTEL_METRIC_EXPORT_TIMEOUT: '400',
};
/** These get the address of a collector that refuses what it is sent. */
const addresses = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'LOOPSCOPE_ALERT_WEBHOOK_URL'];

const leak = '/carts/3/remind?ms=1400';
/** A full pool, a stall, garbage. */
const faults = ['/customers/rehash?ms=2500', '/orders/42/price?ms=300', '/sessions/reindex?ms=300'];
/** A window of the leak's growth in each turn, with collections of garbage between them. */
const leaking = [leak, '/sessions/reindex?ms=400'];
/** Growth of so long after the first is taken for that of a service that starts. */
const warmUpMs = 13_000;

const before = { ...process.env };
let collector: Collector;
let service: Service;
let text = '';
/** Names of series that some scrape had. */
const seen = new Set<string>();

function isSeen(metric: MetricDefinition): boolean {
  const name = prometheusName(metric);
  return seen.has(metric.instrument === 'histogram' ? `${name}_count` : name);
}

async function ask(path: string): Promise<void> {
  await fetch(`${service.url}${path}`).then((response) => response.text());
}

beforeAll(async () => {
  collector = await startCollector(refuses);
  Object.assign(process.env, environment, Object.fromEntries(addresses.map((name) => [name, collector.url])));
  service = await startService({ once: true, onLine: () => {} }, new AbortController().signal);
  await ask(leak);
  const warmAt = performance.now() + warmUpMs;
  const wanted = metrics.filter(({ name }) => absent[name] === undefined);
  let turn = 0;
  // What lacks at the end is named by the tests below.
  await until(
    'every metric is seen',
    async () => {
      const paths = performance.now() < warmAt ? faults : leaking;
      await ask(paths[turn % paths.length] ?? leak);
      turn += 1;
      text = await fetch(`${service.agentUrl}/metrics`).then((response) => response.text());
      for (const { name } of parseSamples(text)) {
        seen.add(name);
      }
      return wanted.every(isSeen);
    },
    { capMs: 60_000 },
  ).catch(() => {});
}, 90_000);

afterAll(async () => {
  await service?.child.stop();
  await collector?.[Symbol.asyncDispose]();
  for (const name of [...Object.keys(environment), ...addresses]) {
    if (before[name] === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = before[name];
    }
  }
});

describe.skipIf(process.platform !== 'linux')('a scrape of the demo', () => {
  test.each(metrics)('has $name', (metric) => {
    const reason = absent[metric.name];
    expect(isSeen(metric), reason).toBe(reason === undefined);
  });

  test('has nothing that the catalogue does not have', () => {
    const known = metrics.flatMap((metric) => {
      const name = prometheusName(metric);
      return metric.instrument === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
    });
    expect([...seen].filter((name) => !known.includes(name) && name !== 'target_info')).toEqual([]);
  });

  test.skipIf(spawnSync('promtool', ['--version']).status !== 0)('passes promtool', () => {
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
    expect(complaints.filter((line) => !standardNames.includes(line.split(' ')[0] ?? ''))).toEqual([]);
  });
});
