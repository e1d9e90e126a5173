// One application thread under watch. At each look the tick count is read first and the messages are
// drained next, so that an answer that was posted before a tick is known when that tick is judged.
import { receiveMessageOnPort } from 'node:worker_threads';
import type { Monotonic } from '../shared/clock.ts';
import type {
  CaptureMessage,
  GcEntry,
  SampleMessage,
  ThreadJoin,
  ThreadMessage,
} from '../shared/messages.ts';
import { shareOf } from '../shared/overload.ts';
import { threadWord } from '../shared/shared-words.ts';
import type { CensusReport } from '../shared/tasks-report.ts';
import { type CaptureOutcome, Captures } from './captures.ts';
import { EvidenceLog, type EvidenceSources } from './cause/evidence-log.ts';
import { ThreadDelay } from './delay/thread-delay.ts';
import { GarbageTime } from './garbage-time.ts';
import { Overload } from './overload.ts';
import { isIdleStack } from './parked-stack.ts';
import { Parking, type Rest } from './parking.ts';
import { phaseOf } from './phase.ts';
import type { ProfiledStallsParts } from './profile/profiled-stalls.ts';
import type { SourceMapper } from './source-maps.ts';
import { StallCourse } from './stall-course.ts';
import type { OpenStall, StallLedger } from './stall-ledger.ts';
import { ThreadTasks } from './tasks/thread-tasks.ts';
import { ThreadReadings, windowMs } from './thread-readings.ts';
import { Watchdog, type WatchdogAction } from './watchdog.ts';

export interface WatchedThreadParts {
  readonly thresholdMs: number;
  readonly ledger: StallLedger;
  readonly mapper: SourceMapper;
  /** What the system tells of the thread's schedule. */
  readonly evidence: EvidenceSources;
  /** Where the thread sleeps, if it may park there (parking.ts). */
  readonly sleepingPlace?: () => string | undefined;
  /** Runs the thread's probe with this id inside its blocked code. */
  readonly interrupt: (id: number) => void;
  /** Whether there is budget for a capture now; unlimited without. */
  readonly mayCapture?: (now: Monotonic) => boolean;
  readonly exiting: () => boolean;
  /** Whether jobs have to wait for a thread of the libuv pool. */
  readonly poolSaturated: () => boolean;
  readonly captured: (outcome: CaptureOutcome) => void;
  readonly collected: (entry: GcEntry) => void;
  readonly failed: (part: string, times?: number) => void;
  /** A sample has come. */
  readonly sampled: (thread: WatchedThread) => void;
  /** A census of the thread's tasks is complete. */
  readonly censusEnded: (thread: WatchedThread, census: CensusReport) => void;
  /** Asks the thread for its CPU profile, and keeps what is cut from it; absent where it has none. */
  readonly profile?: Pick<ProfiledStallsParts, 'ask' | 'keep'>;
  /** A stall of the thread has ended. */
  readonly stallEnded: () => void;
  /** Told of each stall as it is closed, where somebody debugs. */
  readonly record?: (stall: OpenStall) => void;
  readonly debug: (line: string) => void;
}

export class WatchedThread {
  readonly identity: ThreadJoin['thread'];
  readonly taskAbilities: ThreadJoin['tasks'];
  readonly readings: ThreadReadings;
  readonly delay: ThreadDelay;
  readonly tasks: ThreadTasks = new ThreadTasks();
  readonly garbage: GarbageTime;
  /** Major garbage collections since it joined. */
  collections = 0;
  readonly #join: ThreadJoin;
  readonly #parts: WatchedThreadParts;
  readonly #watchdog: Watchdog;
  readonly #captures: Captures;
  readonly #evidence: EvidenceLog;
  readonly #parking: Parking | undefined;
  /** Of the last look that found the thread parked, since the loop turned. */
  #parked: { readonly at: Monotonic; readonly busyMs: number | undefined } | undefined;
  /** When the loop had last turned before the thread was parked. */
  #turnedBefore: Monotonic = 0;
  #rest: Rest = 'none';
  #overload = new Overload();
  readonly #course: StallCourse;
  #count = 0;
  #lookedAt: Monotonic;
  #hasLooked = false;
  /** That came in this look. */
  #sample: SampleMessage | undefined;

  constructor(join: ThreadJoin, parts: WatchedThreadParts) {
    this.#join = join;
    this.#parts = parts;
    this.identity = join.thread;
    this.taskAbilities = join.tasks;
    this.readings = new ThreadReadings(join.since, join.inspectorOpen);
    this.delay = new ThreadDelay(join);
    this.garbage = new GarbageTime(join.since);
    this.#watchdog = new Watchdog(parts.thresholdMs, join.heartbeatMs, join.since);
    this.#evidence = new EvidenceLog(parts.evidence);
    this.#course = new StallCourse({
      identity: join.thread,
      ledger: parts.ledger,
      evidence: this.#evidence,
      mapper: () => ((this.readings.sourceMaps ?? join.sourceMaps) ? parts.mapper : undefined),
      ownScript: join.ownScript,
      phase: (loading) =>
        phaseOf({
          exiting: parts.exiting(),
          hasTurned: this.#watchdog.hasTurned,
          tickedMs: this.#watchdog.tickedMs,
          loading,
        }),
      inspectorOpen: () => this.readings.inspectorOpen,
      requests: () => Atomics.load(join.words, threadWord.requestsInFlight),
      profile: parts.profile,
      record: parts.record,
    });
    this.#lookedAt = join.since;
    this.#captures = new Captures({
      interrupt: parts.interrupt,
      allowed: parts.mayCapture,
      counted: parts.captured,
      debug: parts.debug,
    });
    const place = parts.sleepingPlace;
    this.#parking =
      place &&
      new Parking({
        place,
        ask: (now) => join.captures && this.#captures.askIfAllowed(now),
      });
  }

  /** Milliseconds until the next look. A block after a rest is dated by the CPU time since the last look. */
  get restMs(): number {
    if (this.#rest === 'none') {
      return this.#watchdog.restMs;
    }
    const calmMs = 2 * this.#join.heartbeatMs;
    return this.#rest === 'parked' ? Math.max(this.#parts.thresholdMs, calmMs) : calmMs;
  }

  /** The thread's id in the operating system, where it is known. */
  get taskId(): number | undefined {
    return this.#join.taskId;
  }

  /** Start of the stall in progress. */
  get blockedSince(): Monotonic | undefined {
    return this.#course.stall?.start;
  }

  /**
   * Age of the stall in progress at the last look, else 0: so that all who read between two looks are told
   * the same. 0 as well where a debugger may hold the loop.
   */
  get delayedMs(): number {
    const { stall } = this.#course;
    return stall === undefined || stall.inspectorOpen ? 0 : Math.max(0, this.delay.lookedAt - stall.start);
  }

  /** When it is to be looked at again. */
  get dueAt(): Monotonic {
    return this.#hasLooked ? this.#lookedAt + this.restMs : this.#lookedAt;
  }

  look(now: Monotonic): void {
    this.#hasLooked = true;
    const { count } = this.#join.heartbeat;
    const { tickSeenAt } = this.#watchdog;
    this.delay.looking(now, count);
    this.#drain(now);
    const ticked = count !== this.#count;
    const rested = this.#rest;
    this.#rest = this.#parking?.looked(now, ticked) ?? 'none';
    if (this.#rest === 'parked') {
      this.#evidence.parked(now);
    } else {
      this.#evidence.looked(now, ticked, now - this.#lookedAt >= 4 * this.#join.heartbeatMs);
    }
    this.#course.looked(now, ticked);
    this.#judge(now, count, rested);
    this.#judgeOverload(now, count - this.#count);
    this.#count = count;
    this.#lookedAt = now;
    if (this.#watchdog.tickSeenAt !== tickSeenAt) {
      this.#captures.expire(now);
      this.#course.quietEnded();
    } else {
      this.#captures.retry(now);
    }
    this.#readDelay(now);
  }

  /** `rested`: as the look before has found it. */
  #judge(now: Monotonic, count: number, rested: Rest): void {
    const before = this.#parked;
    if (this.#rest === 'parked') {
      this.#turnedBefore = before === undefined ? this.#watchdog.tickSeenAt : this.#turnedBefore;
      this.#parked = { at: now, busyMs: this.#busyMs() };
      // What it was in had ended before it was known to be parked.
      this.#act(this.#watchdog.parked(rested === 'parked' ? now : (this.#parking?.since ?? now)), now);
      return;
    }
    if (before !== undefined && rested === 'parked') {
      // Since then it has had work, for as long as it ran or waited for a CPU. If it sleeps, in a task, it may
      // have done so all the time: the middle halves the error.
      const busyMs = (this.#busyMs() ?? 0) - (before.busyMs ?? 0);
      const latest = Math.max(before.at, now - busyMs);
      const asleep = this.#parts.evidence.state()?.asleep === true && count === this.#count;
      this.#act(this.#watchdog.parked(asleep ? (before.at + latest) / 2 : latest), now);
    }
    const { heartbeat } = this.#join;
    if (before !== undefined && count !== this.#count) {
      // This tick is late for all that time, of which what was a stall has been counted.
      this.delay.suspended(now - this.#turnedBefore);
      this.#parked = undefined;
    }
    // Not judged yet, it is not looked at as a block; if it is one, it is dated all the same.
    if (this.#rest === 'none') {
      this.#act(
        this.#watchdog.look(now, count, () => (heartbeat.mean * count) / 1e6),
        now,
      );
    }
  }

  #judgeOverload(now: Monotonic, ticks: number): void {
    const { words, heartbeatMs } = this.#join;
    if (this.#rest !== 'none') {
      // It waits for work, and may not turn meanwhile.
      this.#overload = new Overload();
      Atomics.store(words, threadWord.overload, 0);
      return;
    }
    const word = this.#overload.looked(now, {
      ticks,
      heartbeatMs,
      stalled: this.#course.stall !== undefined,
      poolSaturated: this.#parts.poolSaturated(),
    });
    Atomics.store(words, threadWord.overload, word);
  }

  /** The share of its requests that it should refuse, 0 to 1, and how many it has refused. */
  get overload(): { readonly share: number; readonly refused: number } {
    const { words } = this.#join;
    return {
      share: shareOf(Atomics.load(words, threadWord.overload)) / 1000,
      refused: Atomics.load(words, threadWord.requestsShed),
    };
  }

  #busyMs(): number | undefined {
    const schedule = this.#parts.evidence.schedule();
    return schedule && schedule.runMs + schedule.waitMs;
  }

  // Last, when the look has told which of the new ticks belong to a stall.
  #readDelay(now: Monotonic): void {
    if (this.#sample !== undefined) {
      this.delay.sampled(this.#sample, windowMs);
      this.#sample = undefined;
    }
    this.delay.looked(now);
  }

  /** Closes what is over at once: nothing more will be told. */
  settle(): void {
    this.#course.settle();
  }

  suspended(gapMs: number): void {
    this.#lookedAt += gapMs;
    this.#evidence.suspended(gapMs);
    this.#watchdog.suspended(gapMs);
    this.#parking?.suspended(gapMs);
    this.#parked = this.#parked && { ...this.#parked, at: this.#parked.at + gapMs };
    this.#captures.suspended(gapMs);
    this.delay.suspended(gapMs);
    this.#overload.suspended(gapMs);
    this.#course.suspended(gapMs);
  }

  /**
   * The thread has ended: so has what blocked it. Its port has closed after all that was on it had been
   * read; to read from it now would crash the process (Node 22 to 26).
   */
  end(now: Monotonic): void {
    this.#course.threadEnded(now);
  }

  #drain(now: Monotonic): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#join.port);
      if (received === undefined) {
        return;
      }
      try {
        this.#receive(received.message as ThreadMessage, now);
      } catch (error) {
        this.#parts.failed('message');
        this.#parts.debug(`malformed message: ${String(error)}`);
      }
    }
  }

  #receive(message: ThreadMessage, now: Monotonic): void {
    switch (message.kind) {
      case 'turned':
        this.#act(this.#watchdog.turned(message.at), now);
        this.delay.turned(message.at);
        break;
      case 'sample':
        this.readings.add(message);
        this.#sample = message;
        if (message.tasks !== undefined) {
          this.tasks.add(message.tasks, message.at);
        }
        this.#parts.sampled(this);
        for (const [part, times] of Object.entries(message.failures ?? {})) {
          this.#parts.failed(part, times);
        }
        break;
      case 'gc':
        this.collections += message.entries.filter(({ type }) => type === 'major').length;
        this.#evidence.collected(message.entries);
        for (const entry of message.entries) {
          this.garbage.add(entry);
          this.#parts.collected(entry);
        }
        break;
      case 'capture':
        this.#onCapture(message);
        break;
      case 'context':
        this.#course.contextCame(message);
        break;
      case 'census': {
        const ended = this.tasks.addCensus(message, (callSites) => this.#course.frames(callSites, 0));
        if (ended !== undefined) {
          this.#parts.censusEnded(this, ended);
        }
        break;
      }
      case 'profile':
        this.#course.profileCame(message);
        break;
      case 'queue-turned':
        this.#course.queueTurned(message);
        break;
      case 'position':
        this.#parts.mapper.learn(message.key, message.position);
        this.#course.remap();
        break;
      default:
        throw new TypeError(`unknown kind ${String((message as { kind?: unknown }).kind)}`);
    }
  }

  #onCapture(message: CaptureMessage): void {
    const answer = this.#captures.answered(message);
    if (answer === undefined) {
      return;
    }
    if (this.#parking?.answered(isIdleStack(message.callSites, this.#join.ownScript)) === true) {
      return;
    }
    this.#course.captured(message, answer, this.#watchdog.answered(message.at, message.activeMs));
  }

  #act(actions: readonly WatchdogAction[], now: Monotonic): void {
    for (const action of actions) {
      this.#perform(action, now);
    }
  }

  #perform(action: WatchdogAction, now: Monotonic): void {
    switch (action.kind) {
      case 'capture':
        if (this.#join.captures) {
          this.#captures.ask(now);
        }
        break;
      case 'open':
        this.#course.open(action.start);
        this.delay.stallOpened();
        break;
      case 'close':
        this.#closed(action.end, now);
        this.#parts.stallEnded();
        break;
    }
  }

  #closed(end: Monotonic, now: Monotonic): void {
    const ended = this.#course.close(end, now);
    if (ended !== undefined) {
      this.delay.stallClosed(ended.lengthMs, ended.counts);
    }
  }
}
