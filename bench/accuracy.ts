// How right the reports are: a program blocks its loop by a seeded schedule and writes down the truth, and
// each tool's reports are judged by it.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installLocked } from '../scripts/locked-install.ts';
import { ownBars, peerBars } from './accuracy/bars.ts';
import { runOnce } from './accuracy/one-run.ts';
import { writePage } from './accuracy/page.ts';
import { type PlannedRun, planRuns } from './accuracy/run-plan.ts';
import { type Findings, findingsOf } from './accuracy/scoring.ts';
import { describeFaults, durationClass, groupTable, toolTable } from './accuracy/tables.ts';
import type { Run } from './accuracy/truth.ts';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { range } from './harness/table.ts';

const thresholdMs = 50;

async function measure(context: BenchContext): Promise<Measurement> {
  const { extra, node, sdkFolder, version } = context;
  const quick = extra['quick'] === true;
  const peers = extra['peers'] === 'all' || extra['peers'] === node.name;
  if (peers) {
    installLocked('bench/peers');
  }
  const planned = planRuns({
    blocks: context.rounds,
    quietMinutes: quick ? 0.2 : Number(extra['quiet-minutes'] ?? 10),
    peers,
    workers: extra['workers'] === true,
    quick,
  });
  const folder = String(extra['runs'] ?? mkdtempSync(join(tmpdir(), 'accuracy-runs-')));
  mkdirSync(folder, { recursive: true });
  const end = performance.now() + 1_000 * Number(extra['seconds'] ?? Number.POSITIVE_INFINITY);
  const notes: string[] = [];
  const runs: Run[] = [];
  let left = 0;
  for (const each of planned) {
    const why = each.scenario.unavailable?.();
    if (why !== undefined) {
      notes.push(`skipped: ${each.scenario.name}: ${why}`);
      continue;
    }
    const file = join(folder, `${version} ${each.name}.json`);
    if (!existsSync(file)) {
      if (performance.now() > end) {
        left += 1;
        continue;
      }
      const run = await runOnce(each.tool, each.scenario, each.steps, { node, sdkFolder, thresholdMs });
      writeFileSync(file, JSON.stringify(run));
    }
    runs.push(JSON.parse(readFileSync(file, 'utf8')) as Run);
  }
  if (left > 0) {
    notes.push(`${left} of ${planned.length} runs are still to be made`);
  }
  return judge(runs, planned, notes);
}

function judge(runs: readonly Run[], planned: readonly PlannedRun[], notes: readonly string[]): Measurement {
  const groupOf = (run: Run): string | undefined =>
    planned.find(({ scenario }) => scenario.name === run.load)?.scenario.group;
  const tools = new Map(
    [...Map.groupBy(runs, ({ tool }) => tool)].map(([tool, own]): [string, readonly Run[]] => [
      tool,
      own.filter((run) => groupOf(run) !== 'workers'),
    ]),
  );
  const [ownName = '', ownRuns = []] = [...tools][0] ?? [];
  const findings = findingsOf(ownRuns, thresholdMs);
  const workerRuns = runs.filter((run) => groupOf(run) === 'workers');
  const workers = findingsOf(workerRuns, thresholdMs);
  const quietMinutes = (some: readonly Run[]): number =>
    some.reduce((sum, { quietMs }) => sum + quietMs, 0) / 60_000;
  // Only what all of them have gone through can be compared.
  const counts = (load: string): ReadonlySet<number> =>
    new Set([...tools.values()].map((own) => own.filter((run) => run.load === load).length));
  const shared = new Set(
    planned
      .filter((each) => each.shared && counts(each.scenario.name).size === 1)
      .map(({ scenario }) => scenario.name),
  );
  const common = new Map(
    [...tools].map(([tool, own]): [string, Findings] => [
      tool,
      findingsOf(
        own.filter(({ load }) => shared.has(load)),
        thresholdMs,
      ),
    ]),
  );
  const peers = new Map([...common].filter(([tool]) => tool !== ownName));
  return {
    tables: [
      toolTable(`Side by side: ${[...shared].join(', ')}`, common),
      groupTable('Loopscope, by load', 'load', findings.outcomes, ({ load }) => load),
      groupTable('Loopscope, by kind', 'kind', findings.outcomes, ({ block }) => block.kind),
      groupTable('Loopscope, by length', 'length', findings.outcomes, ({ block }) => durationClass(block)),
      ...(workerRuns.length > 0
        ? [groupTable('Loopscope, on 4 worker threads', 'how', workers.outcomes, ({ load }) => load)]
        : []),
    ],
    bars: [
      ...ownBars('', { findings, quietMinutes: quietMinutes(ownRuns) }, thresholdMs),
      ...(workerRuns.length > 0
        ? ownBars(
            'worker threads',
            { findings: workers, quietMinutes: quietMinutes(workerRuns) },
            thresholdMs,
          )
        : []),
      ...peerBars(common.get(ownName) ?? findings, peers),
    ],
    readings: runs,
    notes: [
      describeRuns(runs),
      ...notes,
      ...describeFaults(findings, thresholdMs),
      ...describeFaults(workers, thresholdMs),
    ],
  };
}

/** On how busy a machine: a loop that waits for a processor is stopped, and whoever watches it is late. */
function describeRuns(runs: readonly Run[]): string {
  const loads = runs.map(({ machineLoad }) => machineLoad);
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  return `${runs.length} runs, made while the machine's load average was ${range([least, most])}`;
}

await runBench({
  name: 'accuracy',
  title: `Accuracy: threshold ${thresholdMs} ms, reports as somebody outside gets them`,
  rounds: 400,
  roundsHelp: 'blocks for each load',
  measure,
  extraOptions: {
    peers: {
      type: 'string',
      help: '--peers 22|24|26|all  also measure the tools of bench/peers, on this release',
    },
    workers: { type: 'boolean', help: '--workers            block worker threads too' },
    'quiet-minutes': {
      type: 'string',
      help: '--quiet-minutes N    for how long nothing may be reported (10), idling and under load each',
    },
    quick: { type: 'boolean', help: '--quick              a short run, to see that all of it works' },
    runs: {
      type: 'string',
      help: '--runs FOLDER        keep each run there, and make only those that are missing',
    },
    seconds: { type: 'string', help: '--seconds N          begin no further run after so long' },
    page: { type: 'string', help: '--page FILE          write the results as a page' },
  },
  conclude: (results, { extra }) => {
    if (typeof extra['page'] === 'string') {
      writePage(extra['page'], results, thresholdMs);
    }
  },
});
