// What idle worker threads cost to be watched: CPU time per second of a process with 16 of them beside one
// with none, each less what the same process takes without Loopscope. All are read at the same moments.
import { setTimeout as pass } from 'node:timers/promises';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { launch, readRunTimes } from './harness/running-process.ts';
import { summarize } from './harness/statistics.ts';
import { figure, range } from './harness/table.ts';
import { benchFile, loopscope, nothing } from './harness/variant.ts';

const workers = 16;
const windowMs = 10_000;
const windowsPerRound = 4;
/** V8 tidies up the heap of a thread that has become idle about eight seconds after its start. */
const settlingMs = 12_000;

async function usageDuringWindow(pid: number): Promise<number> {
  const before = readRunTimes(pid);
  const start = performance.now();
  await pass(windowMs);
  const after = readRunTimes(pid);
  const ran = [...after].reduce((sum, [thread, time]) => sum + time - (before.get(thread) ?? 0), 0);
  return ran / 1e3 / (performance.now() - start);
}

async function measure({ node, rounds, sdkFolder }: BenchContext): Promise<Measurement> {
  const cases = [nothing, loopscope(sdkFolder)].flatMap((variant) =>
    [0, workers].map((count) => ({ variant, count })),
  );
  const usages: number[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    await using processes = new AsyncDisposableStack();
    const running = cases.map(({ variant, count }) =>
      processes.use(launch({ node, variant, args: [benchFile('programs/idle-workers.mjs'), `${count}`] })),
    );
    await Promise.all(running.map((each) => each.printed(/^ready$/)));
    await pass(settlingMs);
    for (let window = 0; window < windowsPerRound; window += 1) {
      const used = await Promise.all(running.map(({ pid }) => usageDuringWindow(pid)));
      for (const [index, usage] of used.entries()) {
        usages[index]?.push(usage);
      }
    }
  }
  const [bare = [], bareWorkers = [], watched = [], watchedWorkers = []] = usages;
  const shares = watched.map((usage, index) => {
    const alone = usage - (bare[index] ?? 0);
    return ((watchedWorkers[index] ?? 0) - (bareWorkers[index] ?? 0)) / alone;
  });
  const share = summarize(shares);
  return {
    tables: [
      {
        title: `CPU time of an idle process, windows of ${windowMs / 1_000} s (ms per second)`,
        headings: ['variant', 'workers', 'process', 'quartiles'],
        rows: cases.map(({ variant, count }, index) => {
          const { median, quartiles } = summarize(usages[index] ?? []);
          return [variant.name, `${count}`, figure(median, 2), range(quartiles, 2)];
        }),
      },
    ],
    bars: [
      {
        name: `what ${workers} idle workers and main cost, over what main alone costs, median`,
        value: share.median,
        limit: 2,
        kind: 'at most',
        unit: '',
        digits: 2,
        interval: share.interval,
      },
    ],
    readings: { cpuMsPerSecond: usages },
  };
}

await runBench({
  name: 'workers',
  title: `Workers: CPU per second of ${workers} idle worker threads`,
  rounds: 2,
  roundsHelp: `sets of processes, each read for ${windowsPerRound} windows of ${windowMs / 1_000} s`,
  measure,
});
