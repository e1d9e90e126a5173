// One thread's delay: what its heartbeat tells of ticks that came late, and what the watchdog tells of
// stalls, which have a start and an end and so are known better than by their tick. The histogram is
// read as each sample comes, and as a stall opens and closes, so that its tick is found and left out.
import { type Monotonic, wallTimeAt } from '../../shared/clock.ts';
import { DelayDistribution, type DelaySummary } from './delay-distribution.ts';
import { type DelayHistogram, DelayTotal } from './delay-total.ts';
import { binErrorShare, binOf, middleOf } from './lateness-bins.ts';
import { type NewTicks, type TickHistogram, TickRanks } from './tick-ranks.ts';

/** Where no sample comes on a loop that ticks. */
const longestUnreadMs = 2000;
/** A thread that is older when it joins was watched by an agent that is gone: that one has counted it. */
const longestBeforeJoinMs = 5000;
/** After so many ticks the one that a suspension held up is not to be expected any more. */
const ticksToWait = 3;

/** Less time between stalls tells nothing of how busy the loop is. */
const leastJudgedMs = 100;

export interface Sampled {
  readonly at: Monotonic;
  /** Milliseconds in which the loop was active, cumulative. */
  readonly active: number;
}

/** Part of the common window. */
interface Slice {
  readonly at: Monotonic;
  readonly delays: DelayDistribution;
}

export interface DelayWindow extends DelaySummary {
  /** Time in which a probe would have had to wait, in milliseconds. */
  readonly heldMs: number;
}

export interface ThreadDelayParts {
  readonly heartbeat: TickHistogram;
  readonly heartbeatMs: number;
  /** When the thread began to be watched. */
  readonly since: Monotonic;
}

export class ThreadDelay {
  readonly #parts: ThreadDelayParts;
  readonly #ranks: TickRanks;
  readonly #closed = new DelayDistribution();
  readonly #total = new DelayTotal();
  /** Oldest first. */
  #slices: Slice[] = [];
  /** Since the last slice. */
  #present = new DelayDistribution();
  #lookedAt: Monotonic | undefined;
  #sampled: Sampled | undefined;
  /** Milliseconds of stalls that have closed since the last sample. */
  #stalledMs = 0;
  /** Of the time between stalls, as of the last samples. */
  #busyShare = 0;
  #readAt: Monotonic;
  /** Of the ticks that the present look judges. */
  #count = 0;
  /** A tick came while the others were read. */
  #unread = false;
  #turned = false;
  /** Of the whole process, before the loop's first turn. */
  #suspendedMs = 0;
  /** Lengths of closed stalls whose tick is still to be left out. */
  #stallsClosed: number[] = [];
  /** Suspensions whose tick is still to be left out. */
  #suspensions: { readonly gapMs: number; ticksSince: number }[] = [];

  /** From when on the total counts, in Unix milliseconds; a later step of the wall clock does not move it. */
  readonly sinceWallTime: number;

  constructor(parts: ThreadDelayParts) {
    this.#parts = parts;
    this.sinceWallTime = wallTimeAt(parts.since);
    this.#ranks = new TickRanks(parts.heartbeat, parts.heartbeatMs);
    this.#readAt = parts.since;
  }

  /** The last look: what is shown of a stall in progress is as of then. */
  get lookedAt(): Monotonic {
    return this.#lookedAt ?? this.#parts.since;
  }

  /**
   * Before each look at the thread. `count`: of the ticks that this look judges. One that comes while it does
   * may be a stall's that the next look closes, and is left for then.
   */
  looking(now: Monotonic, count: number): void {
    if (this.#lookedAt === undefined && now - this.#parts.since > longestBeforeJoinMs) {
      this.#ranks.read(count);
      this.#turned = true;
    }
    this.#lookedAt = now;
    this.#count = count;
  }

  /** After each look. */
  looked(now: Monotonic): void {
    const awaited = this.#unread || this.#stallsClosed.length > 0 || this.#suspensions.length > 0;
    if (awaited || now - this.#readAt >= longestUnreadMs) {
      this.#read();
    }
  }

  /** A sample has come: the window moves on. */
  sampled({ at, active }: Sampled, windowMs: number): void {
    this.#judgeBusy({ at, active });
    this.#read();
    this.#slices.push({ at, delays: this.#present });
    this.#slices = this.#slices.filter((slice) => slice.at > at - windowMs);
    this.#present = new DelayDistribution();
  }

  #judgeBusy(sample: Sampled): void {
    const before = this.#sampled;
    const stalledMs = this.#stalledMs;
    this.#sampled = sample;
    this.#stalledMs = 0;
    const freeOfStallsMs = before === undefined ? 0 : sample.at - before.at - stalledMs;
    if (before !== undefined && freeOfStallsMs >= leastJudgedMs) {
      const share = (sample.active - before.active - stalledMs) / freeOfStallsMs;
      this.#busyShare = Math.min(1, Math.max(0, share));
    }
  }

  /** The loop has turned for the first time: the histogram has seen nothing of the time before. */
  turned(at: Monotonic): void {
    if (!this.#turned) {
      this.#turned = true;
      this.#each((delays) => delays.addBlock(Math.max(0, at - this.#parts.since - this.#suspendedMs)));
    }
  }

  /** What has ticked before is read now, so that it is told apart from the stall's own tick. */
  stallOpened(): void {
    this.#read();
  }

  /** `counts`: not where a debugger may have held the loop. */
  stallClosed(lengthMs: number, counts: boolean): void {
    // Before the first turn: the boot.
    this.#turned = true;
    this.#stallsClosed.push(lengthMs);
    this.#stalledMs += lengthMs;
    if (counts) {
      this.#each((delays) => delays.addBlock(lengthMs));
    }
    this.#read();
  }

  suspended(gapMs: number): void {
    if (this.#turned) {
      const suspension = { gapMs, ticksSince: Number.NEGATIVE_INFINITY };
      this.#suspensions.push(suspension);
      this.#count = this.#parts.heartbeat.count;
      // Its tick may have come. If not, it is one of the next: those before it do not count.
      this.#read();
      suspension.ticksSince = 0;
    } else {
      this.#suspendedMs += gapMs;
    }
  }

  #each(add: (delays: DelayDistribution) => void): void {
    add(this.#closed);
    add(this.#present);
  }

  #read(): void {
    const found = this.#ranks.read(this.#count);
    this.#unread = found === undefined;
    if (found === undefined) {
      return;
    }
    this.#readAt = this.lookedAt;
    this.#turned ||= found.ticks > 0;
    const { heartbeatMs } = this.#parts;
    const busyShare = this.#busyShare;
    const late = this.#withoutHeld(found);
    const lateCount = late.reduce((sum, { ticks }) => sum + ticks, 0);
    this.#each((delays) => {
      delays.addOnTime((found.ticks - lateCount) * heartbeatMs);
      for (const { bin, ticks } of late) {
        delays.addLateTicks(middleOf(bin), { ticks, heartbeatMs, busyShare });
      }
    });
  }

  /** The late ticks but those that a closed stall or a suspension has held up. */
  #withoutHeld({ ticks, late }: NewTicks): NewTicks['late'] {
    const left = late.map((each) => ({ ...each }));
    const latest = (): (typeof left)[number] | undefined =>
      left.filter((each) => each.ticks > 0).sort((a, b) => b.bin - a.bin)[0];
    for (const lengthMs of this.#stallsClosed.splice(0)) {
      const held = latest();
      // A boot has none.
      if (held !== undefined && middleOf(held.bin) >= lengthMs / 2) {
        held.ticks -= 1;
        // The same tick may have been held up by a suspension too.
        this.#suspensions = this.#suspensions.filter(
          ({ gapMs }) => gapMs + lengthMs / 2 > middleOf(held.bin),
        );
      }
    }
    for (const suspension of this.#suspensions) {
      const held = latest();
      if (held !== undefined && middleOf(held.bin) >= suspension.gapMs / 2) {
        held.ticks -= 1;
        suspension.ticksSince = ticksToWait;
        // The suspension's length is known to two heartbeats, the lateness by its bin: what is beyond that
        // was a block, or a second suspension.
        const latenessMs = middleOf(held.bin);
        const restMs = latenessMs - suspension.gapMs;
        if (restMs > 2 * this.#parts.heartbeatMs + latenessMs * binErrorShare) {
          left.push({ bin: binOf(restMs), ticks: 1 });
        }
      }
      suspension.ticksSince += ticks;
    }
    this.#suspensions = this.#suspensions.filter((each) => each.ticksSince < ticksToWait);
    return left;
  }

  /** Since the thread began to be watched. `blockedMs`: age of the stall in progress, else 0. */
  total(blockedMs: number): DelayHistogram {
    return this.#total.show(this.#closed, blockedMs);
  }

  /** Of the slices after this moment and of the stall in progress. Undefined where nothing is known. */
  window(after: Monotonic, blockedMs: number): DelayWindow | undefined {
    const all = new DelayDistribution();
    for (const { at, delays } of this.#slices) {
      if (at > after) {
        all.addAll(delays);
      }
    }
    all.addAll(this.#present);
    all.addBlock(blockedMs);
    const summary = all.summary();
    return summary && { ...summary, heldMs: all.heldMs };
  }
}
