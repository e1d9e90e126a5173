// Plays a simulated loop to a real watchdog: looks come as the poll loop takes them, the answers of
// captures as the interrupt brings them.
import { classifyLateness } from '../../src/agent/suspension.ts';
import { Watchdog, type WatchdogAction } from '../../src/agent/watchdog.ts';
import type { Monotonic } from '../../src/shared/clock.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type LoopOptions, SimulatedLoop } from './simulated-loop.ts';

export interface WatchOptions extends LoopOptions {
  /** Whether captures are answered: not without an inspector. */
  readonly answers: boolean;
  /** The most by which a look comes late where nothing is suspended. */
  readonly latestMs: number;
}

export interface ReportedStall {
  start: Monotonic;
  /** Undefined while it is open. */
  end: Monotonic | undefined;
}

export interface Watch {
  readonly loop: SimulatedLoop;
  readonly stalls: readonly ReportedStall[];
  /** The most captures asked for between two ticks. */
  readonly mostCaptures: number;
  /** A stall opened while another is open, one closed that was not. */
  readonly disorders: readonly string[];
}

/** Between two looks at a loop that ticks, and at one that may be blocked: as the watchdog has them. */
export const calmStep = (heartbeatMs: number): number => 2 * heartbeatMs;
export const fineStep = (heartbeatMs: number): number => Math.min(5, heartbeatMs / 2);

/** The whole life of a loop under watch. */
export function watch(seed: number, options: WatchOptions): Watch {
  const { latestMs } = options;
  const simulation = new Simulation(seed, options);
  const random = new SeededRandom(seed + 0x5eed);
  const { loop } = simulation;
  let due = 0;
  while (due < loop.endsAt) {
    const awake = due + random.between(0, latestMs);
    const suspension = loop.suspensionAt(due) ?? loop.suspensionAt(awake);
    const now = suspension?.end ?? awake;
    // A late agent waited for a CPU all the time, a suspended one not at all.
    const agentWaitMs = suspension === undefined ? now - due : 0;
    if (classifyLateness(now - due, () => ({ agentRunMs: 0, agentWaitMs, mainBusyMs: 0 })) === 'suspended') {
      simulation.suspended(now - due);
    }
    const restMs = simulation.look(now, random.between(0.3, 2));
    due = now + restMs;
  }
  return simulation;
}

class Simulation implements Watch {
  readonly loop: SimulatedLoop;
  readonly stalls: ReportedStall[] = [];
  readonly disorders: string[] = [];
  mostCaptures = 0;
  readonly #watchdog: Watchdog;
  readonly #answers: boolean;
  #open: ReportedStall | undefined;
  #count = 0;
  /** Captures asked for since the last tick. */
  #asked = 0;
  /** When the unanswered capture, of which there is one at most, will be answered. */
  #answerAt: Monotonic | undefined;

  constructor(seed: number, options: WatchOptions) {
    this.loop = new SimulatedLoop(seed, options);
    this.#watchdog = new Watchdog(options.thresholdMs, options.heartbeatMs, 0);
    this.#answers = options.answers;
  }

  suspended(gapMs: number): void {
    this.#watchdog.suspended(gapMs);
    if (this.#open !== undefined) {
      this.#open.start += gapMs;
    }
  }

  /** How long until the next look. */
  look(now: Monotonic, latencyMs: number): number {
    const count = this.loop.tickCount(now);
    this.#answer(now);
    this.#asked = count === this.#count ? this.#asked : 0;
    this.#count = count;
    for (const action of this.#watchdog.look(now, count, () => this.loop.intervalsMs(count))) {
      this.#act(action, now, latencyMs);
    }
    return this.#watchdog.restMs;
  }

  #answer(now: Monotonic): void {
    const at = this.#answerAt;
    if (at === undefined || at > now) {
      return;
    }
    this.#answerAt = undefined;
    const better = this.#watchdog.answered(at, this.loop.activeSinceBase(at));
    if (better === undefined) {
      return;
    }
    if (this.#open === undefined) {
      this.disorders.push(`a better start for no stall at ${now}`);
    } else {
      this.#open.start = better;
    }
  }

  #act(action: WatchdogAction, now: Monotonic, latencyMs: number): void {
    switch (action.kind) {
      case 'capture':
        this.#asked += 1;
        this.mostCaptures = Math.max(this.mostCaptures, this.#asked);
        if (this.#answers) {
          this.#answerAt ??= this.loop.answerAt(now, latencyMs);
        }
        break;
      case 'open':
        if (this.#open !== undefined) {
          this.disorders.push(`a stall opened within another at ${now}`);
        }
        this.#open = { start: action.start, end: undefined };
        this.stalls.push(this.#open);
        break;
      case 'close':
        if (this.#open === undefined) {
          this.disorders.push(`no stall to close at ${now}`);
        } else {
          this.#open.end = action.end;
        }
        this.#open = undefined;
        // The agent asks the thread for a new base.
        this.loop.rebase(now + 1);
        break;
    }
  }
}
