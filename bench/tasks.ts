// What each level of looking at async tasks costs: on a request of the demo, per task in a census, and
// for the active resources of a thread that has very many.
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { ratios, summarize } from './harness/statistics.ts';
import { figure, range, type Table } from './harness/table.ts';
import { type CensusRound, measureCensus, tasksCreated } from './tasks/census-cost.ts';
import { requestCosts } from './tasks/request-cost.ts';
import { measureResources, type ResourceReads, socketsHeld, timersHeld } from './tasks/resource-cost.ts';

const censusRounds = 5;
const base = 'off';
const counts = 'counts';
/** Off once more: what the measurement itself makes of nothing. */
const again = "off'";

async function measure(context: BenchContext): Promise<Measurement> {
  const withPromises = context.node.major < 24;
  const levels = [base, again, 'rate', counts];
  const costs = await requestCosts(context, levels);
  const censuses = measureCensus(context, censusRounds);
  const resources = measureResources(context);
  const share = (level: string): ReturnType<typeof summarize> =>
    summarize(ratios(costs[level] ?? [], costs[base] ?? []).map((ratio) => (ratio - 1) * 100));
  const [rate, counted] = [share('rate'), share(counts)];
  return {
    tables: [costTable(costs, share), censusTable(censuses), resourceTable(resources)],
    bars: [
      {
        name: 'rate, added CPU per request: its interval begins below',
        value: rate.interval[0],
        interval: rate.interval,
        limit: 0.5,
        kind: 'at most',
        unit: '%',
        digits: 2,
      },
      // On Node 22 every hook sees promises too: its cost is stated, and no bar.
      ...(withPromises
        ? []
        : [
            {
              name: 'counts, added CPU per request, median',
              value: counted.median,
              interval: counted.interval,
              limit: 3,
              kind: 'at most' as const,
              unit: '%',
              digits: 2,
            },
          ]),
      ...censusBars(censuses),
      ...resourceBars(resources),
    ],
    readings: { requestMicroseconds: costs, censuses, resources },
  };
}

function costTable(
  costs: Readonly<Record<string, readonly number[]>>,
  share: (level: string) => ReturnType<typeof summarize>,
): Table {
  return {
    title: 'Main-thread CPU of a request of the demo, level by level in one process',
    headings: ['level', 'µs, median', 'quartiles', 'added to off, %', '95 % interval'],
    rows: Object.entries(costs).map(([level, own]) => {
      const { median, quartiles } = summarize(own);
      const added = share(level);
      return [
        level === again ? 'off, again' : level,
        figure(median),
        range(quartiles),
        figure(added.median, 2),
        range(added.interval, 2),
      ];
    }),
  };
}

const perTask = ({ census, plain }: CensusRound): number =>
  ((census.createMs + census.beginMs + census.endMs - plain.createMs) * 1000) / tasksCreated;

function censusTable(rounds: readonly CensusRound[]): Table {
  const column = (pick: (round: CensusRound) => number): string[] => {
    const { median, quartiles } = summarize(rounds.map(pick));
    return [figure(median, 2), range(quartiles, 2)];
  };
  return {
    title: `${tasksCreated} timers created at once, in a census and without`,
    headings: ['of the thread', 'median', 'quartiles'],
    rows: [
      ['created without, ms', ...column(({ plain }) => plain.createMs)],
      ['created within, ms', ...column(({ census }) => census.createMs)],
      ['within, of without', ...column(({ plain, census }) => census.createMs / plain.createMs)],
      ['a task costs more by, µs', ...column(perTask)],
      ['to begin, ms', ...column(({ census }) => census.beginMs)],
      ['to end, ms', ...column(({ census }) => census.endMs)],
      ['longest turn while it is told, ms', ...column(({ census }) => census.longestTurnMs)],
      ['the same without', ...column(({ plain }) => plain.longestTurnMs)],
      ['memory more than without, MiB', ...column(memory)],
    ],
  };
}

const memory = ({ plain, census }: CensusRound): number =>
  (census.residentBytes - plain.residentBytes) / 1024 / 1024;

function censusBars(rounds: readonly CensusRound[]): Measurement['bars'] {
  const of = (pick: (round: CensusRound) => number): ReturnType<typeof summarize> =>
    summarize(rounds.map(pick));
  const pause = ({ census }: CensusRound): number =>
    Math.max(census.beginMs, census.endMs, census.longestTurnMs);
  return [
    {
      name: 'census, CPU per task',
      value: of(perTask).median,
      limit: 1.2,
      kind: 'at most',
      unit: 'µs',
      digits: 2,
    },
    {
      name: 'census, longest pause, worst of all',
      value: Math.max(...rounds.map(pause)),
      limit: 10,
      kind: 'at most',
      unit: 'ms',
    },
    { name: 'census, memory', value: of(memory).median, limit: 32, kind: 'at most', unit: 'MiB' },
  ];
}

function resourceTable({ turns, elapsedMs }: ResourceReads): Table {
  const longest = Math.max(...turns.map(({ cpuMs }) => cpuMs));
  return {
    title: `Active resources of a thread with ${socketsHeld} sockets and ${timersHeld} timers, whole sampler turns`,
    headings: [
      'reads',
      'in seconds',
      'most resources',
      'longest, ms wall',
      'longest, ms CPU',
      'share of the thread, %',
    ],
    rows: [
      [
        String(turns.length),
        figure(elapsedMs / 1000),
        String(Math.max(...turns.map(({ resources }) => resources))),
        figure(Math.max(...turns.map(({ ms }) => ms)), 2),
        figure(longest, 2),
        figure(shareOf({ turns, elapsedMs }), 3),
      ],
    ],
  };
}

function shareOf({ turns, elapsedMs }: ResourceReads): number {
  return (turns.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / elapsedMs) * 100;
}

function resourceBars(reads: ResourceReads): Measurement['bars'] {
  const longest = Math.max(0, ...reads.turns.map(({ cpuMs }) => cpuMs));
  return [
    {
      name: 'active resources, share of the thread',
      value: shareOf(reads),
      limit: 0.1,
      kind: 'at most',
      unit: '%',
      digits: 3,
    },
    { name: 'active resources, longest read', value: longest, limit: 10, kind: 'at most', unit: 'ms' },
  ];
}

await runBench({
  name: 'tasks',
  title: 'Async tasks: what each level costs',
  rounds: 1000,
  roundsHelp: 'slices of 40 requests at every level',
  measure,
});
