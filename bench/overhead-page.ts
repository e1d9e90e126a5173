// docs/OVERHEAD.md and its plot, from what benchmarks have written:
//   node bench/overhead-peers.ts --node 24 --json peers.json
//   node bench/overhead.ts --node 24 --json paired.json
//   node bench/overhead-page.ts peers.json paired.json
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { table } from '../scripts/docs/markdown-table.ts';
import { ratios, summarize } from './harness/statistics.ts';
import { figure, range } from './harness/table.ts';
import type { Written } from './harness/written.ts';
import { type AllReadings, type Figures, figuresOfTools } from './overhead/figures.ts';
import { overheadPlot } from './overhead/plot.ts';

type Stretches = Readonly<
  Record<string, { readonly on: readonly number[]; readonly off: readonly number[] }>
>;

const root = resolve(import.meta.dirname, '..');
const written = process.argv
  .slice(2)
  .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Written<unknown>);
const peers = written.filter(({ bench }) => bench === 'overhead-peers') as Written<AllReadings>[];
const paired = written.filter(({ bench }) => bench === 'overhead') as Written<Stretches>[];
const [shown] = peers.flatMap(({ results }) => results);
if (shown === undefined || paired.length === 0) {
  console.error(
    'Usage: node bench/overhead-page.ts FILE…, as overhead-peers.ts and overhead.ts have written them',
  );
  process.exit(2);
}

const figures = figuresOfTools(shown.readings);
writeFileSync(`${root}/docs/images/overhead.svg`, overheadPlot(figures));
writeFileSync(`${root}/docs/OVERHEAD.md`, page());

function page(): string {
  const { date, cores, processor, system } = peers[0]?.machine ?? {};
  return `# What Loopscope costs, beside others

Made by \`bench/overhead-page.ts\` from what \`npm run bench:overhead-peers\` and \`npm run bench:overhead\` have written: change it there.
${date} UTC, ${processor}, ${cores} cores, ${system}. Beside it: ${peerVersions()}; dd-trace traces too, as it does by default.

![CPU per request of each tool, as a ratio to nothing](images/overhead.svg)

## An application under load

The same Express application once with each tool preloaded, Node ${shown?.version.slice(1)}, all at the same time under the same load, which asks in turn for a mix of timers, immediates and file reads, for 200 awaits, and for JSON.
Each is compared with the first row window by window; the second row is what can't be told apart. About ${figure(requestsPerSecond(), 0)} requests a second each: so what a tool does by the clock, whether it is asked or not, is a large part of its figure here, and less of it where there is more to do. Latency is under ${figures.length} such applications on the machine at once.

${table(
  [
    'preloaded',
    'CPU of main per request',
    'ratio, 95 % interval',
    'all threads, ratio',
    'p50',
    'p99',
    'resident',
  ],
  figures.map(({ name, perRequest, ratio, latencyMs, residentMiB }) => [
    bold(name),
    `${figure(perRequest.main, 0)} µs`,
    `${figure(ratio.main.median, 3)}, ${range(ratio.main.interval, 3)}`,
    `${figure(ratio.process.median, 3)}, ${range(ratio.process.interval, 3)}`,
    `${figure(latencyMs.p50, 1)} ms`,
    `${figure(latencyMs.p99, 1)} ms`,
    `${figure(residentMiB, 0)} MiB`,
  ]),
)}

## Idle, and at the start

${table(
  ['preloaded', 'idle: main', 'idle: all threads', 'empty script: wall', 'its CPU'],
  figures.map((each) => [bold(each.name), ...idleAndStart(each)]),
)}

CPU while idle is in milliseconds per second; the empty script's figures are medians with quartiles.

## On and off within one process

Two processes on one machine differ by more than what is to be measured. So \`npm run bench:overhead\` switches Loopscope on and off within one, under a steady load, and compares neighbours; the ratio is of CPU of the main thread per request.

${table(
  ['Node', 'route', 'pairs', 'off', 'on', 'ratio', '95 % interval', 'resolves'],
  paired.flatMap(({ results }) =>
    results.flatMap(({ version, readings }) =>
      Object.entries(readings).map(([route, { on, off }]) => {
        const { median, interval, count } = summarize(ratios(on, off));
        return [
          version.slice(1),
          `\`/${route}\``,
          String(count),
          `${figure(summarize(off).median, 0)} µs`,
          `${figure(summarize(on).median, 0)} µs`,
          figure(median, 3),
          range(interval, 3),
          `±${figure(((interval[1] - interval[0]) / 2) * 100)} %`,
        ];
      }),
    ),
  ),
)}

The bar is 1.01 at the upper end of the interval. What these runs resolve is wider than that: they tell that the cost is within some per cent, and not that it is within one.

Loopscope itself tells what it takes: \`loopscope_agent_thread_time_seconds_total\`, and keeps to [a budget](decisions/0019-a-budget-for-ourselves.md) of 1 % of the main thread.
`;
}

function peerVersions(): string {
  const manifest = readFileSync(`${root}/bench/peers/package.json`, 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Readonly<Record<string, string>> };
  const names = ['prom-client', '@opentelemetry/sdk-node', 'dd-trace', '@sentry/node-native', 'blocked-at'];
  return names.map((name) => `${name} ${dependencies[name]}`).join(', ');
}

function idleAndStart({ idle, startWallMs, startCpuMs }: Figures): readonly string[] {
  return [
    figure(idle.main, 2),
    figure(idle.process, 2),
    ...[startWallMs, startCpuMs].map(
      ({ median, quartiles }) => `${figure(median, 0)} ms, ${range(quartiles, 0)}`,
    ),
  ];
}

function requestsPerSecond(): number {
  const loaded = Object.values(shown?.readings ?? {})[0]?.loaded ?? [];
  return (
    loaded.reduce((sum, { requests }) => sum + requests, 0) /
    loaded.reduce((sum, { seconds }) => sum + seconds, 0)
  );
}

function bold(name: string): string {
  return name.startsWith('Loopscope') ? `**${name}**` : name;
}
