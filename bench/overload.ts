// What a server is good for under twice the load that it can do, by what decides which requests it refuses: answers in
// time per second, and how long those took. Beside nothing, @fastify/under-pressure and toobusy-js.
import { installLocked } from '../scripts/locked-install.ts';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { launch } from './harness/running-process.ts';
import { percentile, ratios, summarize } from './harness/statistics.ts';
import { figure, range } from './harness/table.ts';
import { benchFile, loopscope, nothing } from './harness/variant.ts';
import { askOpenLoop } from './overload/open-loop.ts';

const tools = ['nothing', 'loopscope', 'under-pressure', 'toobusy-js'] as const;
type Tool = (typeof tools)[number];

/** An order takes 2 ms, and a little for HTTP. */
const perSecond = 900;
const inTimeMs = 250;
const patienceMs = 5000;
/** Before what counts, so that each has found its level. */
const warmUpMs = 4000;
const windowMs = 8000;

interface Round {
  readonly goodput: number;
  readonly servedP99Ms: number;
  readonly refused: number;
  readonly lost: number;
}

async function measureTool({ node, sdkFolder }: BenchContext, tool: Tool): Promise<Round> {
  const variant = tool === 'loopscope' ? loopscope(sdkFolder) : nothing;
  await using server = launch({ node, variant, args: [benchFile('peers/overload-server.mjs'), tool] });
  const { match } = await server.printed(/^port (\d+)$/);
  const load = { url: `http://127.0.0.1:${match[1]}/orders`, perSecond, patienceMs };
  await askOpenLoop({ ...load, forMs: warmUpMs });
  const { servedMs, refused, lost } = await askOpenLoop({ ...load, forMs: windowMs });
  const seconds = windowMs / 1000;
  return {
    goodput: servedMs.filter((ms) => ms <= inTimeMs).length / seconds,
    servedP99Ms: servedMs.length === 0 ? Number.NaN : percentile(servedMs, 99),
    refused: refused / seconds,
    lost: lost / seconds,
  };
}

async function measure(context: BenchContext): Promise<Measurement> {
  installLocked('bench/peers');
  const found = new Map<Tool, Round[]>(tools.map((tool) => [tool, []]));
  for (let round = 0; round < context.rounds; round += 1) {
    for (const tool of tools) {
      found.get(tool)?.push(await measureTool(context, tool));
    }
  }
  const of = (tool: Tool, field: keyof Round): readonly number[] =>
    (found.get(tool) ?? []).map((round) => round[field]);
  const shown = (tool: Tool, field: keyof Round): string => {
    const { median, quartiles } = summarize(of(tool, field));
    return `${figure(median, 0)} (${range(quartiles, 0)})`;
  };
  return {
    tables: [
      {
        title: `${perSecond} requests of 2 ms a second; in time: within ${inTimeMs} ms. Medians and quartiles of ${context.rounds} rounds`,
        headings: ['tool', 'in time /s', 'p99 of served, ms', 'refused /s', 'given up /s'],
        rows: tools.map((tool) => [
          tool,
          shown(tool, 'goodput'),
          shown(tool, 'servedP99Ms'),
          shown(tool, 'refused'),
          shown(tool, 'lost'),
        ]),
      },
    ],
    bars: (['under-pressure', 'toobusy-js'] as const).map((peer) => {
      const { median, interval } = summarize(ratios(of('loopscope', 'goodput'), of(peer, 'goodput')));
      return {
        name: `answers in time, against ${peer}`,
        value: median,
        interval,
        limit: 1,
        kind: 'at least',
        unit: 'times',
        digits: 2,
      };
    }),
    readings: Object.fromEntries(found),
  };
}

await runBench({
  name: 'overload',
  title: 'Answers in time under twice the load that a server can do',
  rounds: 5,
  roundsHelp: 'rounds of all tools, each for 12 s',
  measure,
});
