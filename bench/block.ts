// What can be seen from outside while an application's loop is blocked for five seconds: whether the
// endpoint answers at any moment, with the block's true age, and whether a real Prometheus shows it.
import { freePort } from '../test/harness/app.ts';
import { ask } from '../test/harness/scrape.ts';
import { until } from '../test/harness/until.ts';
import { checkAges } from './block/age-check.ts';
import { checkAnswers } from './block/answer-check.ts';
import { blockOnce } from './block/blocked-run.ts';
import { startPrometheus } from './block/prometheus.ts';
import { answerTable, bars, type CheckedRun, failureNotes, readingsOf, runTable } from './block/report.ts';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { launch } from './harness/running-process.ts';
import { benchFile, loopscope } from './harness/variant.ts';

const durationMs = 5_000;

async function measure({ node, rounds, sdkFolder }: BenchContext): Promise<Measurement> {
  const ports = await Promise.all(Array.from({ length: rounds }, freePort));
  await using scope = new AsyncDisposableStack();
  const variant = loopscope(sdkFolder);
  const args = [benchFile('programs/blocks-once.mjs')];
  // All at once, so that Prometheus can be given its targets from the start; blocked one by one.
  const applications = ports.map((port) => ({
    url: `http://127.0.0.1:${port}`,
    running: scope.use(launch({ node, variant, args, env: { LOOPSCOPE_PORT: String(port) } })),
  }));
  for (const { url } of applications) {
    await until('the endpoint answers', async () => (await ask(url, '/livez')).ok);
  }
  const prometheus = await startPrometheus(applications.map(({ url }) => new URL(url).host));
  if (prometheus !== undefined) {
    scope.use(prometheus);
  }
  const runs: CheckedRun[] = [];
  for (const { url, running } of applications) {
    const run = await blockOnce({ running, url, durationMs, prometheus });
    const answers = ['/metrics', '/livez'].map((path) => checkAnswers(run, path));
    runs.push({ run, ages: checkAges(run), answers });
  }
  return {
    tables: [answerTable(runs), runTable(runs)],
    bars: bars(runs, prometheus?.version),
    notes: failureNotes(runs),
    readings: runs.map(readingsOf),
  };
}

await runBench({
  name: 'block',
  title: 'Block: an application blocked once for 5 s, asked each 20 ms and scraped each second',
  rounds: 6,
  roundsHelp: 'applications that are blocked, one after another',
  measure,
});
