// What a request costs more with Loopscope: main-thread CPU per request of an Express application that switches it on
// and off within one process, under a steady load that leaves the thread idle for more than half of the time.
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { launch } from './harness/running-process.ts';
import { ratios, summarize } from './harness/statistics.ts';
import { loadUntil } from './harness/steady-load.ts';
import { figure, range } from './harness/table.ts';
import { benchFile, nothing } from './harness/variant.ts';

const routes = ['mixed', 'awaits', 'json'] as const;
type Route = (typeof routes)[number];

interface Setting {
  readonly name: string;
  /** Of `start()`. */
  readonly options: object;
  readonly mostRatio: number;
}

const settings: readonly Setting[] = [
  { name: 'default', options: { port: 0 }, mostRatio: 1.01 },
  { name: 'profile', options: { port: 0, profile: true }, mostRatio: 1.02 },
];

interface Stretches {
  /** Microseconds of the main thread per request. */
  readonly on: readonly number[];
  readonly off: readonly number[];
}

const secondsForEach = 10;

async function measureRoute(
  { node, rounds, sdkFolder }: BenchContext,
  route: Route,
  { options }: Setting,
): Promise<Stretches> {
  await using application = launch({
    node,
    variant: nothing,
    args: [benchFile('programs/switches-loopscope.mjs')],
    env: { BENCH_SWITCHES: JSON.stringify([`${sdkFolder}/dist/index.js`, rounds, options]) },
  });
  const { match } = await application.printed(/^listens on (\S+)$/);
  const told = application.printed(/^readings (.*)$/, { capMs: (rounds + 3) * secondsForEach * 1000 });
  const load = { path: () => `/${route}`, inFlight: 16, pauseMs: 4 };
  return JSON.parse((await loadUntil(match[1] ?? '', load, told)).match[1] ?? '{}') as Stretches;
}

async function measure(context: BenchContext): Promise<Measurement> {
  const wanted = String(context.extra['setting'] ?? 'default');
  const setting = settings.find(({ name }) => name === wanted);
  if (setting === undefined) {
    throw new Error(`--setting ${wanted}: expected ${settings.map(({ name }) => name).join(' or ')}`);
  }
  const found: [Route, Stretches][] = [];
  for (const route of routes) {
    found.push([route, await measureRoute(context, route, setting)]);
  }
  return {
    tables: [
      {
        title: `Main-thread CPU per request, µs, ${setting.name}: pairs of stretches of 2.5 s within one process`,
        headings: ['route', 'pairs', 'off', 'on', 'ratio, median', '95 % interval', 'resolves'],
        rows: found.map(([route, { on, off }]) => {
          const { median, interval, count } = summarize(ratios(on, off));
          return [
            `/${route}`,
            String(count),
            figure(summarize(off).median),
            figure(summarize(on).median),
            figure(median, 4),
            range(interval, 4),
            figure((interval[1] - interval[0]) / 2, 4),
          ];
        }),
      },
    ],
    bars: found.map(([route, { on, off }]) => {
      const { interval } = summarize(ratios(on, off));
      return {
        name: `/${route}, CPU per request with ${setting.name}: its interval ends`,
        value: interval[1],
        interval,
        limit: setting.mostRatio,
        kind: 'at most',
        unit: 'times',
        digits: 4,
      };
    }),
    readings: Object.fromEntries(found),
  };
}

await runBench({
  name: 'overhead',
  title: 'What a request costs more with Loopscope',
  rounds: 20,
  roundsHelp: 'pairs of stretches on each of three routes, 7 s each',
  measure,
  extraOptions: {
    setting: { type: 'string', help: '--setting default|profile  what is switched on (default)' },
  },
});
