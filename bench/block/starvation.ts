// How long the agent's threads, and the one that asks them, were ready to run and were given no
// processor. On a machine that others use as well, that and no fault of the agent's makes an answer late.
import { readdirSync, readFileSync } from 'node:fs';
import { sharedNow } from '../harness/clock.ts';

/** Cumulative milliseconds of waiting for a processor, at a moment. */
export interface StarvationSample {
  readonly at: number;
  readonly waitedMs: number;
}

/** Samples from now on; the function returned ends it and returns the samples. */
export function watchStarvation(watchedPid: number, everyMs: number): () => readonly StarvationSample[] {
  const samples: StarvationSample[] = [];
  const take = (): void => {
    samples.push({ at: sharedNow(), waitedMs: waitOfAgent(watchedPid) + waitOf(process.pid, process.pid) });
  };
  take();
  const timer = setInterval(take, everyMs);
  return () => {
    clearInterval(timer);
    take();
    return samples;
  };
}

/** Milliseconds of waiting between the samples around a span of time. */
export function starvedDuring(samples: readonly StarvationSample[], from: number, to: number): number {
  const before = samples.findLast(({ at }) => at <= from) ?? samples[0];
  const after = samples.find(({ at }) => at >= to) ?? samples.at(-1);
  return (after?.waitedMs ?? 0) - (before?.waitedMs ?? 0);
}

// All threads but the main one, which is the one that is blocked: not every Node release gives the
// agent's a name.
function waitOfAgent(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .filter((thread) => thread !== pid)
    .reduce((sum, thread) => sum + waitOf(pid, thread), 0);
}

function waitOf(pid: number, thread: number): number {
  const [, waited] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
  return Number(waited) / 1e6;
}
