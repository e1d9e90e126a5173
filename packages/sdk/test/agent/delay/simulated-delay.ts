// The whole of what the agent makes of a thread, over a loop on paper: a real WatchedThread with a real
// channel and a native histogram, looks as the poll loop takes them, and readers at any moment.
import { createHistogram } from 'node:perf_hooks';
import { classifyLateness } from '../../../src/agent/suspension.ts';
import { windowMs } from '../../../src/agent/thread-readings.ts';
import type { ThreadJoin } from '../../../src/shared/messages.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { type LoopOptions, SimulatedLoop } from '../simulated-loop.ts';
import { sample, WatchedLife } from '../watched-life.ts';

/** What a reader was given. */
export interface Shown {
  readonly counts: readonly number[];
  readonly sumMs: number;
  readonly window: ReturnType<WatchedLife['thread']['delay']['window']>;
}

export interface SimulatedDelay {
  readonly loop: SimulatedLoop;
  readonly shown: readonly Shown[];
  /** How long the agent took the process to be suspended. */
  readonly suspendedMs: number;
}

/** `readShare`: of the looks after which somebody reads. */
export function liveThrough(seed: number, options: LoopOptions, readShare: number): SimulatedDelay {
  const loop = new SimulatedLoop(seed, options);
  const random = new SeededRandom(seed + 0xde1a);
  const histogram = createHistogram();
  const life = new WatchedLife({
    heartbeat: histogram as unknown as ThreadJoin['heartbeat'],
    heartbeatMs: options.heartbeatMs,
  });
  life.post({ kind: 'turned', at: 0 });
  const shown: Shown[] = [];
  let suspendedMs = 0;
  let answerAt: number | undefined;
  let nextSample = 1000;
  let due = 0;
  while (due < loop.endsAt) {
    const awake = due + random.between(0, 3);
    const suspension = loop.suspensionAt(due) ?? loop.suspensionAt(awake);
    const now = suspension?.end ?? awake;
    const agentWaitMs = suspension === undefined ? now - due : 0;
    if (classifyLateness(now - due, () => ({ agentRunMs: 0, agentWaitMs, mainBusyMs: 0 })) === 'suspended') {
      suspendedMs += now - due;
      life.thread.suspended(now - due);
    }
    while (histogram.count < loop.tickCount(now)) {
      const tick = histogram.count;
      histogram.record(Math.round((loop.intervalsMs(tick + 1) - loop.intervalsMs(tick)) * 1e6));
    }
    if (answerAt !== undefined && answerAt <= now) {
      life.capture(answerAt, loop.activeSinceBase(answerAt), []);
      answerAt = undefined;
    }
    // The sampler's timer is late as every other one is.
    const sampledAt = loop.nextTurn(nextSample);
    if (sampledAt <= now) {
      nextSample = sampledAt + 1000;
      const active = loop.activeUntil(sampledAt);
      life.post({ ...sample, at: sampledAt, active, idle: sampledAt - active });
    }
    const { stallsEnded } = life;
    const asked = life.interrupts.length;
    life.look(now);
    if (life.interrupts.length > asked) {
      answerAt ??= loop.answerAt(now, random.between(0.3, 2));
    }
    if (life.stallsEnded > stallsEnded) {
      loop.rebase(now + 1);
    }
    if (random.chance(readShare)) {
      shown.push(read(life, now));
    }
    due = now + life.thread.restMs;
  }
  shown.push(read(life, due));
  return { loop, shown, suspendedMs };
}

function read({ thread }: WatchedLife, now: number): Shown {
  const { delay, delayedMs, readings, blockedSince } = thread;
  const { windowStart } = readings.loopTime(now, blockedSince);
  const window = delay.window(Math.max(windowStart, now - 2 * windowMs), delayedMs);
  return { ...delay.total(delayedMs), window };
}

/** The delays that probes at each step of 10 ms met, in milliseconds: how many, and their sum. */
export function trueDelays(loop: SimulatedLoop): { readonly steps: number; readonly sumMs: number } {
  const sumMs = loop.blocks.reduce((sum, { lengthMs }) => sum + lengthMs ** 2 / 20, 0);
  return { steps: loop.unsuspended(loop.endsAt) / 10, sumMs };
}
