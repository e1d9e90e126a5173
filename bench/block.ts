// What can be seen from outside while an application's loop is blocked for five seconds: whether the
// endpoint answers at any moment, with the block's true age, and whether a real Prometheus shows it.
import { freePort } from '../test/harness/app.ts';
import { ask } from '../test/harness/scrape.ts';
import { until } from '../test/harness/until.ts';
import { type AgeCheck, checkAges } from './block/age-check.ts';
import { type BlockedRun, blockOnce } from './block/blocked-run.ts';
import { startPrometheus } from './block/prometheus.ts';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { launch } from './harness/running-process.ts';
import { percentile } from './harness/statistics.ts';
import { figure, type Table } from './harness/table.ts';
import { benchFile, loopscope } from './harness/variant.ts';

const blockMs = 5_000;
const answerLimitMs = 50;
const paths = ['/metrics', '/livez'] as const;

async function measure({ node, rounds, sdkFolder }: BenchContext): Promise<Measurement> {
  const ports = await Promise.all(Array.from({ length: rounds }, freePort));
  const args = [benchFile('programs/blocks-once.mjs')];
  await using scope = new AsyncDisposableStack();
  const variant = loopscope(sdkFolder);
  const applications = ports.map((port) =>
    scope.use(launch({ node, variant, args, env: { LOOPSCOPE_PORT: String(port) } })),
  );
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  for (const url of urls) {
    await until('the endpoint answers', async () => (await ask(url, '/livez')).ok);
  }
  const prometheus = await startPrometheus(urls.map((url) => new URL(url).host));
  if (prometheus !== undefined) {
    scope.use(prometheus);
  }
  const runs: BlockedRun[] = [];
  for (const [index, application] of applications.entries()) {
    runs.push(await blockOnce(application, urls[index] ?? '', blockMs, prometheus));
  }
  const checks = runs.map(checkAges);
  return {
    tables: [answerTable(runs), runTable(runs, checks)],
    bars: [...answerBars(runs), ...ageBars(checks), prometheusBar(runs, prometheus?.version)],
    notes: failures(runs),
    readings: runs.map(({ start, end, answers, scraped }) => ({
      blockMs: end - start,
      scraped,
      answers: answers.map(({ path, askedAt, answeredAt, status }) => [
        path,
        askedAt - start,
        answeredAt - askedAt,
        status,
      ]),
    })),
  };
}

function durations(runs: readonly BlockedRun[], path: string): readonly number[] {
  return runs.flatMap(({ answers }) =>
    answers.filter((each) => each.path === path).map(({ askedAt, answeredAt }) => answeredAt - askedAt),
  );
}

function answerTable(runs: readonly BlockedRun[]): Table {
  return {
    title: 'Answers asked for during the blocks (ms)',
    headings: ['path', 'asked', 'p50', 'p99', 'slowest'],
    rows: paths.map((path) => {
      const all = durations(runs, path);
      const figures = [50, 99, 100].map((percent) => figure(percentile(all, percent)));
      return [path, String(all.length), ...figures];
    }),
  };
}

function runTable(runs: readonly BlockedRun[], checks: readonly AgeCheck[]): Table {
  return {
    title: 'The age of the stall as it was told, and as Prometheus stored it',
    headings: ['run', 'true block ms', 'ages due', 'missing', 'fell', 'off by ms', 'scrapes', 'with age'],
    rows: runs.map(({ start, end, scraped }, index) => {
      const { due = 0, missing = 0, falls = 0, farthestMs = Number.NaN } = checks[index] ?? {};
      const seen = scraped?.filter(({ value }) => value > 0).length;
      const cells = [due, missing, falls].map(String);
      return [
        String(index + 1),
        figure(end - start, 0),
        ...cells,
        figure(farthestMs),
        String(scraped?.length ?? '-'),
        String(seen ?? '-'),
      ];
    }),
  };
}

function answerBars(runs: readonly BlockedRun[]): Measurement['bars'] {
  return paths.map((path) => ({
    name: `slowest answer of ${path} during a block`,
    value: Math.max(...durations(runs, path)),
    limit: answerLimitMs,
    kind: 'at most',
    unit: 'ms',
  }));
}

function ageBars(checks: readonly AgeCheck[]): Measurement['bars'] {
  const sum = (pick: (check: AgeCheck) => number): number =>
    checks.reduce((total, each) => total + pick(each), 0);
  const due = sum((check) => check.due);
  return [
    {
      name: 'answers of /metrics that told an age, and none lower than the one before',
      value: ((due - sum((check) => check.missing + check.falls)) / due) * 100,
      limit: 100,
      kind: 'at least',
      unit: '%',
      digits: 2,
      note: `of ${due}`,
    },
    {
      name: 'farthest that an age was off the true one',
      value: Math.max(...checks.map(({ farthestMs }) => farthestMs)),
      limit: answerLimitMs,
      kind: 'at most',
      unit: 'ms',
    },
  ];
}

function prometheusBar(
  runs: readonly BlockedRun[],
  version: string | undefined,
): Measurement['bars'][number] {
  const seen = runs.filter(({ scraped = [] }) => scraped.some(({ value }) => value > 0)).length;
  return {
    name: `runs of ${runs.length} in which Prometheus shows the stall's age`,
    value: version === undefined ? Number.NaN : seen,
    limit: runs.length,
    kind: 'at least',
    unit: '',
    digits: 0,
    note: version === undefined ? 'prometheus is not installed' : `Prometheus ${version}`,
  };
}

/** Requests that got no answer or the wrong one, and the slow ones. */
function failures(runs: readonly BlockedRun[]): readonly string[] {
  return runs.flatMap(({ start, answers }, index) =>
    answers
      .filter(({ status, askedAt, answeredAt }) => status !== 200 || answeredAt - askedAt > answerLimitMs)
      .map(({ path, askedAt, answeredAt, status, body }) => {
        const what = status === 200 ? '' : `: ${status ?? body}`;
        const took = figure(answeredAt - askedAt);
        return `run ${index + 1}: ${path}, asked ${figure(askedAt - start, 0)} ms into the block, took ${took} ms${what}`;
      }),
  );
}

await runBench({
  name: 'block',
  title: 'Block: an application blocked once for 5 s, asked each 20 ms and scraped each second',
  rounds: 6,
  roundsHelp: 'applications that are blocked, one after another',
  measure,
});
