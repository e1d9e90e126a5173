// One sentence on what to do, from the cause and the place.
import type { Cause, Culprit, StallEvidence } from '../../shared/stall.ts';

export function adviceFor(cause: Cause, evidence: StallEvidence, culprit: Culprit | undefined): string {
  const place = culprit ? nameOf(culprit) : 'the code that blocks';
  switch (cause) {
    case 'cpu':
      return cpuAdvice(place, evidence.synchronousCall, culprit);
    case 'gc':
      return `Let ${place} allocate less at a time and hold less on the heap, or give V8 a larger young generation (--max-semi-space-size).`;
    case 'sync-io':
      return ioAdvice(place, evidence.synchronousCall);
    case 'microtasks':
      return `Let ${place} give way now and then with setImmediate: process.nextTick, queueMicrotask and await on what is settled run before the loop may turn.`;
    case 'starved':
      return (evidence.throttledMs ?? 0) >= (evidence.waitMs ?? 0)
        ? 'Raise the CPU limit of the container, or let the process do less at once: its cgroup was throttled.'
        : 'Give the process a CPU of its own or a higher share, or move what competes with it: it was ready to run and got none.';
    case 'unknown':
      return `Look at ${place} with a CPU profile: the evidence does not tell why the loop stood still.`;
  }
}

function nameOf({ function: name, package: owner }: Culprit): string {
  return owner === undefined ? name : `${name} (${owner})`;
}

const byModule: Readonly<Record<string, string>> = {
  'node:crypto': 'it runs on the thread pool then',
  'node:zlib': 'it runs on the thread pool then',
};

function cpuAdvice(place: string, call: string | undefined, culprit: Culprit | undefined): string {
  const [module = '', name = ''] = call?.split(' ') ?? [];
  if (module === 'node:modules') {
    return `Load what ${place} requires at start-up: loading and compiling it took the loop's time.`;
  }
  const gain = byModule[module];
  if (gain !== undefined) {
    return `Call the asynchronous form of ${name} in ${place}: ${gain}.`;
  }
  if (culprit?.late === true) {
    return `${place} called into native code that took so long (JSON.parse or JSON.stringify of a large value, say): give it less at a time, or move it to a worker thread.`;
  }
  return `Split the work of ${place} into parts with setImmediate between them, or move it to a worker thread.`;
}

function ioAdvice(place: string, call: string | undefined): string {
  const [module = '', name = ''] = call?.split(' ') ?? [];
  if (module === 'node:child_process') {
    return `Use ${name.replace(/Sync$/, '')} instead of ${name} in ${place}: the loop waits until the other program has ended.`;
  }
  if (call !== undefined) {
    return `Use the asynchronous form of ${name} in ${place} (${module}${module === 'node:fs' ? '/promises' : ''}): the loop waits for each call.`;
  }
  return `Find what ${place} waits for (a synchronous call, Atomics.wait, a lock in native code) and wait for it asynchronously: the thread slept.`;
}
