// What an idle process pays for being watched: CPU time per second of the main thread and of all its
// threads, beside the same process with nothing and with a bare 10 ms monitorEventLoopDelay. All of a
// round run at the same time and are read at the same moments, so that whatever else the machine does
// happens to each of them.
import { setTimeout as pass } from 'node:timers/promises';
import { type BenchContext, type Measurement, runBench } from './harness/bench.ts';
import { cpuDuring } from './harness/cpu-window.ts';
import { launch, type RunningProcess } from './harness/running-process.ts';
import { ratios, summarize } from './harness/statistics.ts';
import { figure, range, type Table } from './harness/table.ts';
import { bareMonitor, benchFile, loopscope, nothing, type Variant } from './harness/variant.ts';

/** Milliseconds of CPU per second. */
interface Usage {
  readonly main: number;
  readonly process: number;
}

const windowMs = 10_000;
const windowsPerRound = 4;
/** V8 tidies up the heap of a process that has become idle about eight seconds after its start. */
const settlingMs = 12_000;

const args = [benchFile('programs/idle.mjs')];

async function measure({ node, rounds, sdkFolder }: BenchContext): Promise<Measurement> {
  const variants: readonly Variant[] = [nothing, bareMonitor, loopscope(sdkFolder)];
  const usages: Record<string, Usage[]> = Object.fromEntries(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    await using processes = new AsyncDisposableStack();
    const start = (variant: Variant): RunningProcess => processes.use(launch({ node, variant, args }));
    const running = variants.map(start);
    await pass(settlingMs);
    for (let window = 0; window < windowsPerRound; window += 1) {
      const used = await Promise.all(running.map(usageDuringWindow));
      for (const [index, usage] of used.entries()) {
        usages[variants[index]?.name ?? '']?.push(usage);
      }
    }
  }
  return {
    tables: [usageTable(usages)],
    bars: [bar(usages, 'main', 0.6), bar(usages, 'process', 1.5)],
    readings: { cpuMsPerSecond: usages },
  };
}

async function usageDuringWindow({ pid }: RunningProcess): Promise<Usage> {
  const { main, process, seconds } = await cpuDuring(pid, windowMs);
  return { main: main / seconds, process: process / seconds };
}

function usageTable(usages: Readonly<Record<string, readonly Usage[]>>): Table {
  const base = usages[bareMonitor.name] ?? [];
  return {
    title: `CPU time of an idle process, windows of ${windowMs / 1_000} s (ms per second)`,
    headings: ['variant', 'main', 'quartiles', 'of the monitor', 'process', 'quartiles', 'of the monitor'],
    rows: Object.entries(usages).map(([name, own]) => [
      name,
      ...(['main', 'process'] as const).flatMap((part) => {
        const { median, quartiles } = summarize(own.map((usage) => usage[part]));
        const share = summarize(ratios(own.map(pick(part)), base.map(pick(part)))).median;
        return [figure(median, 2), range(quartiles, 2), figure(share, 2)];
      }),
    ]),
  };
}

function bar(
  usages: Readonly<Record<string, readonly Usage[]>>,
  part: keyof Usage,
  limit: number,
): Measurement['bars'][number] {
  const ours = Object.entries(usages).find(([name]) => name === 'loopscope')?.[1] ?? [];
  const share = summarize(ratios(ours.map(pick(part)), (usages[bareMonitor.name] ?? []).map(pick(part))));
  return {
    name: `${part === 'main' ? 'main thread' : 'whole process'}, share of a bare 10 ms monitor, median`,
    value: share.median,
    limit,
    kind: 'at most',
    unit: '',
    digits: 2,
    interval: share.interval,
  };
}

function pick(part: keyof Usage): (usage: Usage) => number {
  return (usage) => usage[part];
}

await runBench({
  name: 'idle',
  title: 'Idle: CPU per second beside a bare 10 ms monitorEventLoopDelay',
  rounds: 2,
  roundsHelp: `sets of processes, each read for ${windowsPerRound} windows of ${windowMs / 1_000} s`,
  measure,
});
