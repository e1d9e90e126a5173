// What each tool costs an application: the same Express application once with each of them preloaded, all of them at
// the same time under the same steady load, read from outside at the same moments, so that whatever else the machine
// does happens to each. Beside two of them with nothing: what these differ by is what can't be resolved.
import { spawnSync } from 'node:child_process';
import { setTimeout as pass } from 'node:timers/promises';
import { installLocked } from '../scripts/locked-install.ts';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { startCollector } from './harness/collector.ts';
import { cpuDuring } from './harness/cpu-window.ts';
import { launch, readResidentBytes } from './harness/running-process.ts';
import { SteadyClient, type SteadyLoad } from './harness/steady-load.ts';
import { figure, range, type Table } from './harness/table.ts';
import { benchFile, environmentOf, type Variant } from './harness/variant.ts';
import { type AllReadings, type Figures, figuresOfTools, type Window } from './overhead/figures.ts';
import { overheadVariants } from './overhead/tools.ts';

const windowMs = 8_000;
const settlingMs = 12_000;
const idleWindows = 3;
const startsEach = 8;
const routes = ['/mixed', '/awaits', '/json'];
/** Some hundred requests a second. */
const load: SteadyLoad = { path: (turn) => routes[turn % routes.length] ?? '/', inFlight: 4, pauseMs: 30 };

async function measure(context: BenchContext): Promise<Measurement> {
  installLocked('bench/peers');
  await using collector = await startCollector();
  const variants = await overheadVariants(context.sdkFolder, collector.url);
  const starts = measureStarts(context, variants);
  const running = await measureRunning(context, variants);
  const readings: AllReadings = Object.fromEntries(
    variants.flatMap(({ name }, index) => {
      const [start, run] = [starts[index], running[index]];
      return start === undefined || run === undefined ? [] : [[name, { ...run, ...start }]];
    }),
  );
  const figures = figuresOfTools(readings);
  return {
    tables: [requestTable(figures), idleTable(figures), startTable(figures)],
    bars: [],
    readings,
  };
}

/** Interleaved, so that what drifts does in all. */
function measureStarts({ node }: BenchContext, variants: readonly Variant[]) {
  const starts = variants.map(() => ({ startWallMs: [] as number[], startCpuMs: [] as number[] }));
  for (let round = 0; round < startsEach; round += 1) {
    for (const [index, variant] of variants.entries()) {
      const began = performance.now();
      const { stdout } = spawnSync(node.path, [...variant.args, benchFile('programs/tells-usage.mjs')], {
        env: environmentOf(variant),
        encoding: 'utf8',
        timeout: 20_000,
        // Some of them keep a process up; it has told before that.
        killSignal: 'SIGKILL',
      });
      const wallMs = performance.now() - began;
      const [, usage] = /^(\{"user".*\})$/m.exec(stdout) ?? [];
      const { user, system } = JSON.parse(usage ?? '{}') as { user: number; system: number };
      starts[index]?.startWallMs.push(wallMs);
      starts[index]?.startCpuMs.push((user + system) / 1000);
    }
  }
  return starts;
}

async function measureRunning({ node, rounds }: BenchContext, variants: readonly Variant[]) {
  await using processes = new AsyncDisposableStack();
  const running = variants.map((variant) =>
    processes.use(launch({ node, variant, args: [benchFile('programs/serves.mjs')] })),
  );
  const clients = await Promise.all(
    running.map(async (each) => {
      const { match } = await each.printed(/^listens on (\S+)$/);
      return new SteadyClient(match[1] ?? '', load);
    }),
  );
  const windows = (): Promise<Window[]> =>
    Promise.all(
      running.map(async ({ pid }, index) => {
        const answered = (): number => clients[index]?.answered ?? 0;
        const before = answered();
        return { ...(await cpuDuring(pid, windowMs)), requests: answered() - before };
      }),
    );
  const repeated = async (count: number): Promise<Window[][]> => {
    const byVariant: Window[][] = variants.map(() => []);
    for (let index = 0; index < count; index += 1) {
      for (const [variant, window] of (await windows()).entries()) {
        byVariant[variant]?.push(window);
      }
    }
    return byVariant;
  };
  await pass(settlingMs);
  const idle = await repeated(idleWindows);
  for (const client of clients) {
    void client.run();
  }
  await pass(settlingMs);
  for (const client of clients) {
    client.forget();
  }
  const loaded = await repeated(rounds);
  const resident = running.map(({ pid }) => readResidentBytes(pid));
  await Promise.all(clients.map((client) => client.stop()));
  return variants.map((_, index) => ({
    idle: idle[index] ?? [],
    loaded: loaded[index] ?? [],
    latenciesMs: clients[index]?.latenciesMs ?? [],
    residentBytes: resident[index] ?? Number.NaN,
  }));
}

function requestTable(figures: readonly Figures[]): Table {
  return {
    title:
      'Under load: CPU per request in µs, and as a ratio to nothing with its 95 % interval; answers in ms',
    headings: [
      'tool',
      'main',
      'ratio',
      'interval',
      'all threads',
      'ratio',
      'interval',
      'p50',
      'p99',
      'RSS, MiB',
    ],
    rows: figures.map(({ name, perRequest, ratio, latencyMs, residentMiB }) => [
      name,
      ...(['main', 'process'] as const).flatMap((of) => [
        figure(perRequest[of], 0),
        figure(ratio[of].median, 3),
        range(ratio[of].interval, 3),
      ]),
      figure(latencyMs.p50, 2),
      figure(latencyMs.p99, 2),
      figure(residentMiB),
    ]),
  };
}

function idleTable(figures: readonly Figures[]): Table {
  return {
    title: 'Idle: CPU in ms per second, medians',
    headings: ['tool', 'main', 'all threads'],
    rows: figures.map(({ name, idle }) => [name, figure(idle.main, 2), figure(idle.process, 2)]),
  };
}

function startTable(figures: readonly Figures[]): Table {
  return {
    title: 'An empty script: wall and CPU in ms, medians with quartiles',
    headings: ['tool', 'wall', 'quartiles', 'CPU', 'quartiles'],
    rows: figures.map(({ name, startWallMs, startCpuMs }) => [
      name,
      figure(startWallMs.median),
      range(startWallMs.quartiles),
      figure(startCpuMs.median),
      range(startCpuMs.quartiles),
    ]),
  };
}

await runBench({
  name: 'overhead-peers',
  title: 'What each tool costs an application',
  rounds: 24,
  roundsHelp: 'windows of 8 s under load',
  measure,
});
