// `npm run demo`: an Express service under Loopscope, blocked on purpose, and what is reported of it
// while it is blocked. The runner is a process of its own, so that it can watch.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { faults } from './faults/index.ts';
import { helpText, parseOptions, type RunnerOptions } from './runner/options.ts';
import { createPalette, wantsColour } from './runner/palette.ts';
import { runRound } from './runner/round.ts';
import { closingLines, summaryTable } from './runner/round-report.ts';
import { DemoError, Load, type Service, startService } from './runner/service.ts';
import type { SeenStall } from './runner/stall-feed.ts';
import { faultLines, headerLines, type ReportStyle, stallLines } from './runner/stall-report.ts';
import { StallWatch } from './runner/stall-watch.ts';
import { StopRequested, watchForStop } from './runner/stop-watch.ts';
import { isRight } from './runner/verdict.ts';

const pauseMs = 1_500;
const pauseOnceMs = 250;
const roundPauseMs = 4_000;
// What a fault takes beside its own duration, at most: the load must outlast a round.
const secondsBesideFault = 6;
const longestLoadSeconds = 600;
// How long the report of the start-up may take.
const longestStartMs = 1_000;

const startedAt = performance.now();
const style: ReportStyle = {
  palette: createPalette(wantsColour(process.stdout, process.env)),
  root: join(import.meta.dirname, '..', '..', '..'),
};
process.exitCode = await main();

async function main(): Promise<number> {
  const parsed = parseOptions(process.argv.slice(2), faults);
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(helpText(faults));
      return 0;
    case 'wrong':
      process.stderr.write(`${parsed.complaint}\n`);
      return 2;
    case 'run':
      return await runDemo(parsed.options);
  }
}

async function runDemo(options: RunnerOptions): Promise<number> {
  const stop = watchForStop();
  let service: Service | undefined;
  let conclude: () => number;
  try {
    service = await startService({ once: options.once, onLine: printServiceLine }, stop.signal);
    stop.whenEnded(service.child, 'The service');
    const good = await watchAndDrive(options, service, stop.signal);
    conclude = () => (good ? 0 : 1);
  } catch (error) {
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
    conclude = () => explainEnd(reason, options.once);
  }
  stop.release();
  await service?.child.stop();
  return conclude();
}

/** Whether a single round was good; endless rounds end by the signal alone. */
async function watchAndDrive(
  options: RunnerOptions,
  service: Service,
  signal: AbortSignal,
): Promise<boolean> {
  print(headerLines(service, options.once, style));
  const watch = new StallWatch(service.client, (event) => print(stallLines(event, sinceStart(), style)));
  const finished = new AbortController();
  const watching = watch.run(AbortSignal.any([signal, finished.signal]));
  try {
    await watch.settle({ from: 0, to: Date.now() }, isOver, longestStartMs, signal);
    for (;;) {
      const good = await playRound(options, service, watch, signal);
      if (options.once) {
        return good;
      }
      print(['', style.palette.dim('  Once more; Ctrl-C ends it.')]);
      await delay(roundPauseMs, undefined, { signal });
    }
  } finally {
    finished.abort();
    await watching;
  }
}

/** Whether every fault was reported as it should be. */
async function playRound(
  { faults: chosen, ms, once }: RunnerOptions,
  service: Service,
  watch: StallWatch,
  signal: AbortSignal,
): Promise<boolean> {
  const seconds = Math.ceil(chosen.length * (ms / 1000 + secondsBesideFault));
  const load = new Load(service.url, Math.min(longestLoadSeconds, seconds), printServiceLine);
  try {
    const verdicts = await runRound(
      {
        faults: chosen,
        ms,
        pauseMs: once ? pauseOnceMs : pauseMs,
        onFault: (fault) => print(faultLines(fault, ms, sinceStart(), style)),
      },
      service,
      watch,
      signal,
    );
    print([...summaryTable(verdicts, ms, style), ...closingLines(verdicts, await load.stop(), style)]);
    return verdicts.every(isRight);
  } finally {
    await load.stop();
  }
}

function isOver(stalls: readonly SeenStall[]): boolean {
  return stalls.every(({ stall }) => stall.state === 'closed');
}

function explainEnd(reason: unknown, once: boolean): number {
  if (reason instanceof StopRequested) {
    print(['', `  Ended by ${reason.signal}; the service has stopped.`]);
    // Ctrl-C is how the endless demo is meant to end; a round that it cut short proves nothing.
    return reason.signal === 'SIGINT' && !once ? 0 : reason.exitCode;
  }
  if (reason instanceof DemoError) {
    process.stderr.write(`${reason.message}\n`);
    return 1;
  }
  throw reason;
}

function printServiceLine(line: string): void {
  print([style.palette.dim(`  service: ${line}`)]);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function sinceStart(): number {
  return performance.now() - startedAt;
}
