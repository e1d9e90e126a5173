// An event loop on paper: when it is blocked, when its process is suspended, when its heartbeat
// ticks, and what its utilization reads. Moments are milliseconds as a monotonic clock shows them; a
// suspension stretches whatever it falls into.
import { SeededRandom } from '../support/seeded-random.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Block extends Span {
  /** How long it lasts, without the time in which the process was suspended. */
  readonly lengthMs: number;
  /** Native code answers a capture when it returns; JavaScript, in a millisecond or two. */
  readonly native: boolean;
  /** How many suspensions fall into it or near to it. */
  readonly suspensions: number;
}

export interface LoopOptions {
  readonly thresholdMs: number;
  readonly heartbeatMs: number;
  readonly blocks: number;
  /** Share of the blocks that are native. */
  readonly nativeShare: number;
  /** Share of its free time in which the loop is active, in turns too short to matter. */
  readonly busyShare: number;
  readonly suspensions: number;
}

/** From the end of a block to the tick that was due within it. */
const tickDelayMs = 0.05;
const sampleMs = 1000;
/** Of a value in a histogram of three digits. */
const digitError = 1 / 2048;

export class SimulatedLoop {
  readonly blocks: readonly Block[];
  readonly suspensions: readonly Span[];
  readonly endsAt: number;
  readonly #busyShare: number;
  readonly #ticks: number[] = [];
  /** By tick: the sum of all intervals up to it. */
  readonly #intervalsMs: number[] = [];
  /** Moments at which the base of the utilization was read anew. */
  readonly #rebases: number[] = [0];

  constructor(seed: number, options: LoopOptions) {
    const { heartbeatMs, thresholdMs } = options;
    const random = new SeededRandom(seed);
    const drawn = drawBlocks(random, options);
    const lastEnd = drawn.at(-1)?.end ?? 0;
    const pauses = Array.from({ length: options.suspensions }, () => ({
      at: random.between(0, lastEnd),
      gapMs: random.between(200, 5000),
    })).sort((a, b) => a.at - b.at);
    const stretched = (moment: number): number =>
      moment + pauses.reduce((sum, { at, gapMs }) => (at < moment ? sum + gapMs : sum), 0);
    const nearMs = 4 * heartbeatMs;

    this.#busyShare = options.busyShare;
    this.suspensions = pauses.map(({ at, gapMs }) => ({ start: stretched(at), end: stretched(at) + gapMs }));
    this.blocks = drawn.map(({ start, end, native }) => ({
      start: stretched(start),
      end: stretched(end),
      lengthMs: end - start,
      native,
      suspensions: pauses.filter(({ at }) => at > start - nearMs && at < end + nearMs).length,
    }));
    this.endsAt = stretched(lastEnd + 10 * thresholdMs);
    let before = random.between(-heartbeatMs, 0);
    let tick = this.nextTurn(before + heartbeatMs);
    while (tick < this.endsAt) {
      const kept = (tick - before) * random.between(1 - digitError, 1 + digitError);
      this.#intervalsMs.push(this.intervalsMs(this.#ticks.length) + kept);
      this.#ticks.push(tick);
      before = tick;
      // On a busy loop libuv's cached clock is behind when the timer is set again, now and then.
      const behind = random.chance(this.#busyShare / 10) ? random.between(0, 0.8) : 0;
      tick = this.nextTurn(tick + heartbeatMs * (1 - behind));
    }
    for (let at = sampleMs; at < this.endsAt; at += sampleMs) {
      this.rebase(at);
    }
  }

  /** The first moment, not before `due`, at which the loop turns. */
  nextTurn(due: number): number {
    const held = [...this.blocks, ...this.suspensions].find(({ start, end }) => start <= due && due < end);
    return held === undefined ? due : this.nextTurn(held.end + tickDelayMs);
  }

  tickCount(now: number): number {
    let low = 0;
    let high = this.#ticks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ticks[middle] as number) <= now) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** All intervals up to this tick, as the heartbeat's histogram adds them up: it keeps three digits of each. */
  intervalsMs(count: number): number {
    return this.#intervalsMs[count - 1] ?? 0;
  }

  /** The loop reads its utilization anew, at its next turn from this moment on. */
  rebase(at: number): void {
    this.#rebases.push(this.nextTurn(at));
    this.#rebases.sort((a, b) => a - b);
  }

  activeSinceBase(now: number): number {
    const base = this.#rebases.findLast((each) => each <= now) ?? 0;
    return this.activeUntil(now) - this.activeUntil(base);
  }

  /** Milliseconds for which it has been active. */
  activeUntil(now: number): number {
    const blockedMs = timeIn(this.blocks, now);
    const freeMs = this.unsuspended(now) - blockedMs;
    return blockedMs + Math.max(0, freeMs) * this.#busyShare;
  }

  suspensionAt(now: number): Span | undefined {
    return this.suspensions.find(({ start, end }) => start <= now && now < end);
  }

  /** The moment, by a clock that stands still while the process is suspended. */
  unsuspended(moment: number): number {
    return moment - timeIn(this.suspensions, moment);
  }

  /** When a probe that is asked for at this moment runs. */
  answerAt(askedAt: number, latencyMs: number): number {
    const block = this.blocks.find(({ start, end }) => start <= askedAt && askedAt < end);
    if (block?.native) {
      return block.end;
    }
    const at = askedAt + latencyMs;
    const suspension = this.suspensionAt(at);
    return suspension === undefined ? at : suspension.end + latencyMs;
  }
}

function timeIn(spans: readonly Span[], now: number): number {
  return spans.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, now) - start), 0);
}

function drawBlocks(
  random: SeededRandom,
  { blocks, thresholdMs, heartbeatMs, nativeShare }: LoopOptions,
): { start: number; end: number; native: boolean }[] {
  // The dates of the ticks take some looks to settle.
  let at = random.between(40, 60) * heartbeatMs;
  return Array.from({ length: blocks }, () => {
    const start = at;
    const end = start + drawLength(random, thresholdMs, heartbeatMs);
    at = end + random.pick([0.1, 0.5, 2, 10, 40]) * heartbeatMs * random.between(0.5, 1.5);
    return { start, end, native: random.chance(nativeShare) };
  });
}

/** Most lengths lie about the threshold, where the verdict is hard. */
function drawLength(random: SeededRandom, thresholdMs: number, heartbeatMs: number): number {
  return random.pick([
    random.between(0.1, 1) * heartbeatMs,
    thresholdMs + random.between(-2, 2) * heartbeatMs,
    thresholdMs + random.between(-1.5, -1) * heartbeatMs,
    thresholdMs + random.between(1, 1.5) * heartbeatMs,
    thresholdMs * random.between(1, 5),
    thresholdMs * random.between(5, 20),
  ]);
}
