// How long a real Prometheus takes to answer each panel of Fleet and Stalls for a large fleet: 1,000
// instances over six hours at steps of 60 s. `npm run bench:dashboards`; needs prometheus and promtool.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { fill, panelsOf, queriesOf } from '../grafana/queries.ts';
import { missingPrograms, prometheusProgram } from '../grafana/stack/programs.ts';
import { PrometheusServer } from '../grafana/stack/prometheus-server.ts';
import { writeOpenMetrics } from './dashboards/fleet-series.ts';
import { type Bar, isHeld, renderBar } from './harness/bar.ts';
import { describeMachine, readLoad } from './harness/machine.ts';
import { renderTable } from './harness/table.ts';

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    data: { type: 'string' },
    'prepare-only': { type: 'boolean', default: false },
    json: { type: 'string' },
    'no-bar': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const usage = `Usage: node bench/dashboards.ts [options]
  --instances N   instances of the fleet (1000)
  --rounds N      how often each panel is asked (5)
  --data FOLDER   keep what Prometheus holds there, and use it if it is there already
  --prepare-only  only write it
  --json FILE     also write all readings as JSON
  --no-bar        print only: a missed bar does not fail the command`;
const hours = 6;
const stepSeconds = 60;
const longestMs = 1000;
const mostSeries = 40;
const root = resolve(import.meta.dirname, '..');

if (values.help) {
  console.log(usage);
} else {
  await main(Number(values.instances), Number(values.rounds));
}

async function main(instances: number, rounds: number): Promise<void> {
  const missing = missingPrograms([
    prometheusProgram,
    { names: ['promtool'], install: prometheusProgram.install },
  ]);
  if (!(instances >= 1) || !(rounds >= 1) || missing.length > 0) {
    console.error([...missing, usage].join('\n'));
    process.exitCode = 2;
    return;
  }
  const folder = values.data ?? mkdtempSync(join(tmpdir(), 'loopscope-dashboards-'));
  try {
    const { end, series, samples } = await prepare(folder, instances);
    if (values['prepare-only']) {
      return;
    }
    console.log(`Dashboards over a large fleet\n${Object.values(describeMachine()).join(', ')}`);
    console.log(`${instances} instances, ${series} series, ${samples} samples; load average ${readLoad()}\n`);
    await using prometheus = await PrometheusServer.start({ folder });
    await measure(prometheus, end, rounds, series / instances);
  } finally {
    if (values.data === undefined) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

interface Prepared {
  readonly end: number;
  readonly series: number;
  readonly samples: number;
}

async function prepare(folder: string, instances: number): Promise<Prepared> {
  const told = join(folder, 'prepared.json');
  if (existsSync(told)) {
    return JSON.parse(readFileSync(told, 'utf8')) as Prepared;
  }
  mkdirSync(folder, { recursive: true });
  const end = Math.floor(Date.now() / 1000 / stepSeconds) * stepSeconds;
  const text = join(folder, 'openmetrics.txt');
  const written = await writeOpenMetrics(text, { instances, hours, stepSeconds, end });
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', text, join(folder, 'data')], {
    stdio: 'ignore',
  });
  rmSync(text);
  const prepared = { end, ...written };
  writeFileSync(told, JSON.stringify(prepared));
  return prepared;
}

async function measure(
  prometheus: PrometheusServer,
  end: number,
  rounds: number,
  seriesPerInstance: number,
): Promise<void> {
  const rows: string[][] = [];
  const readings: Record<string, number[]> = {};
  let slowest = { name: '', ms: 0 };
  const empty: string[] = [];
  for (const uid of ['loopscope-fleet', 'loopscope-stalls']) {
    const dashboard = JSON.parse(
      readFileSync(join(root, `grafana/generated/dashboards/${uid}.json`), 'utf8'),
    ) as sdk.Dashboard;
    for (const panel of panelsOf(dashboard)) {
      const queries = queriesOf(dashboard).filter((query) => query.panel === panel);
      const name = `${dashboard.title?.replace('Loopscope / ', '')}: ${panel.title}`;
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        const answers = await Promise.all(
          queries.map(({ expr, instant }) => {
            const step = stepOf(panel);
            // As Grafana has it at a scrape interval of 60 s.
            const rateIntervalSeconds = Math.max(step + stepSeconds, 4 * stepSeconds);
            const filled = fill(expr, { rangeSeconds: hours * 3600, rateIntervalSeconds });
            return instant
              ? prometheus.query(filled, end)
              : prometheus.queryRange(filled, end - hours * 3600, end, step);
          }),
        );
        times.push(performance.now() - start);
        if (round === 0 && answers.every((answer) => answer.length === 0)) {
          empty.push(name);
        }
      }
      const sorted = times.toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
      readings[name] = times;
      rows.push([name, String(queries.length), median.toFixed(0), (sorted.at(-1) ?? Number.NaN).toFixed(0)]);
      slowest = median > slowest.ms ? { name, ms: median } : slowest;
    }
  }
  console.log(
    renderTable({
      title: 'Time to answer a panel',
      headings: ['panel', 'queries', 'median ms', 'slowest ms'],
      rows,
    }),
  );
  const bars: Bar[] = [
    {
      name: 'slowest panel, median',
      value: slowest.ms,
      limit: longestMs,
      kind: 'at most',
      unit: 'ms',
      digits: 0,
      note: slowest.name,
    },
    {
      name: 'series per instance that the panels ask for',
      value: seriesPerInstance,
      limit: mostSeries,
      kind: 'at most',
      unit: '',
      digits: 0,
    },
    {
      name: 'panels without an answer',
      value: empty.length,
      limit: 0,
      kind: 'at most',
      unit: '',
      digits: 0,
      note: empty.join(', ') || 'all answered',
    },
  ];
  console.log(`\n${bars.map(renderBar).join('\n')}`);
  if (values.json !== undefined) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ bench: 'dashboards', machine: describeMachine(), readings }, null, 1)}\n`,
    );
  }
  if (bars.some((bar) => !isHeld(bar)) && !values['no-bar']) {
    process.exitCode = 1;
  }
}

/** The step of a panel as Grafana chooses it: the time over the points, rounded, at least the scrape interval. */
function stepOf({ maxDataPoints = 800 }: sdk.Panel): number {
  const exact = (hours * 3600) / maxDataPoints;
  const rounded = exact < 90 ? 60 : exact < 150 ? 120 : exact < 450 ? 300 : 600;
  return Math.max(stepSeconds, rounded);
}
