// What is known of one thread's present quiet, and the stall that it may become: the stacks that were taken
// in it, in whose context they ran, and, once the watchdog says so, the stall from its opening to its end
// and to the moment at which all of its evidence has come.
import type { Monotonic } from '../shared/clock.ts';
import type {
  CaptureMessage,
  ContextMessage,
  ProfileMessage,
  QueueTurnedMessage,
  RawCallSite,
} from '../shared/messages.ts';
import type { Phase, ThreadIdentity } from '../shared/stall.ts';
import type { Answer } from './captures.ts';
import type { EvidenceLog } from './cause/evidence-log.ts';
import { type MarkedCapture, QueueMarks } from './cause/queue-marks.ts';
import { signsOf } from './cause/stack-signs.ts';
import { frameOf, framesOf } from './frames.ts';
import { standsOnLoader } from './phase.ts';
import { ProfiledStalls, type ProfiledStallsParts } from './profile/profiled-stalls.ts';
import { Settling } from './settling.ts';
import type { SourceMapper } from './source-maps.ts';
import type { OpenCapture, OpenStall, StallLedger } from './stall-ledger.ts';

/** Of a capture's call sites, innermost first: each costs the thread an interrupt. */
const mostPositionsAsked = 12;

export interface StallCourseParts {
  readonly identity: ThreadIdentity;
  readonly ledger: StallLedger;
  readonly evidence: EvidenceLog;
  /** Undefined where the application has asked for no source maps. */
  readonly mapper: () => SourceMapper | undefined;
  readonly ownScript: string;
  /** `loading`: whether the first stack stands on Node's module loader; undefined without a stack. */
  readonly phase: (loading: boolean | undefined) => Phase;
  readonly inspectorOpen: () => boolean;
  /** Server requests in flight. */
  readonly requests: () => number;
  readonly profile?: Omit<ProfiledStallsParts, 'ownScript' | 'place'> | undefined;
  /** Told of each stall as it is closed, where somebody debugs. */
  readonly record?: ((stall: OpenStall) => void) | undefined;
}

interface Taken extends OpenCapture, MarkedCapture {
  readonly callSites: readonly RawCallSite[];
  readonly inspectorOpen: boolean;
}

export class StallCourse {
  readonly #parts: StallCourseParts;
  readonly #queueMarks = new QueueMarks();
  readonly #settling: Settling<OpenStall>;
  readonly #profiled: ProfiledStalls | undefined;
  #stall: OpenStall | undefined;
  /** Captures of the present quiet, which may become a stall. */
  #taken: Taken[] = [];
  #context: ContextMessage | undefined;
  /** The capture whose context is to follow. */
  #contextDue: number | undefined;

  constructor(parts: StallCourseParts) {
    this.#parts = parts;
    const { ledger, ownScript, mapper } = parts;
    this.#profiled =
      parts.profile &&
      new ProfiledStalls({
        ...parts.profile,
        ownScript,
        place: (callSite) => frameOf(mapper()?.mapped(callSite, false) ?? callSite),
      });
    this.#settling = new Settling(
      (stall) => {
        this.#profiled?.forget(stall);
        ledger.close(stall);
        parts.record?.(stall);
      },
      (stall) => this.#profiled?.waitsFor(stall) === true,
    );
  }

  /** The stall in progress. */
  get stall(): Readonly<Pick<OpenStall, 'start' | 'inspectorOpen'>> | undefined {
    return this.#stall;
  }

  /** To be told of each look, before that look's stall is ended. */
  looked(now: Monotonic, ticked: boolean): void {
    this.#settling.looked(now, ticked);
  }

  /** `betterStart`: of the stall in progress, where the answer dates it. */
  captured(message: CaptureMessage, answer: Answer, betterStart: Monotonic | undefined): void {
    this.#contextDue = message.id;
    const taken: Taken = {
      id: message.id,
      at: message.at,
      ...answer,
      ...signsOf(message.callSites, this.#parts.ownScript),
      frames: this.frames(message.callSites),
      callSites: message.callSites,
      inspectorOpen: message.inspectorOpen,
    };
    this.#taken.push(taken);
    this.#queueMarks.follow(taken);
    if (this.#stall !== undefined) {
      this.#stall.start = betterStart ?? this.#stall.start;
      this.#stall.inspectorOpen ||= taken.inspectorOpen;
      this.#stall.phase = this.#phase();
      this.#stall.captures.push(taken);
    }
  }

  // The context follows its stack at once, so the update tells of both.
  contextCame(message: ContextMessage): void {
    if (message.id !== this.#contextDue) {
      return;
    }
    this.#context ??= message;
    if (this.#stall !== undefined) {
      this.#stall.span ??= message.span;
      this.#stall.request ??= message.request;
      this.#parts.ledger.updated(this.#stall);
    }
  }

  queueTurned(message: QueueTurnedMessage): void {
    this.#queueMarks.turned(message);
  }

  profileCame(message: ProfileMessage): void {
    this.#profiled?.answered(message);
  }

  /** A position has become known that no file on disk could tell. */
  remap(): void {
    for (const taken of this.#taken) {
      taken.frames = this.frames(taken.callSites);
    }
    if (this.#stall !== undefined) {
      this.#parts.ledger.updated(this.#stall);
    }
  }

  /** `asked`: how many positions the thread may be asked for. */
  frames(callSites: readonly RawCallSite[], asked: number = mostPositionsAsked): OpenCapture['frames'] {
    const mapper = this.#parts.mapper();
    const mapped =
      mapper === undefined ? callSites : callSites.map((each, depth) => mapper.mapped(each, depth < asked));
    return framesOf(mapped, this.#parts.ownScript);
  }

  open(start: Monotonic): void {
    const { identity, ledger, evidence, inspectorOpen, requests } = this.#parts;
    this.#stall = ledger.open({
      thread: identity,
      start,
      phase: this.#phase(),
      inspectorOpen: inspectorOpen() || this.#taken.some((each) => each.inspectorOpen),
      span: this.#context?.span,
      request: this.#context?.request,
      captures: [...this.#taken],
      findings: evidence.present(),
      requests: requests(),
    });
  }

  /** It has ended: its length, and whether it counts. Undefined where none is in progress. */
  close(end: Monotonic, now: Monotonic): { readonly lengthMs: number; readonly counts: boolean } | undefined {
    const stall = this.#stall;
    if (stall === undefined) {
      return undefined;
    }
    stall.findings = this.#parts.evidence.frozen();
    this.#parts.ledger.end(stall, end);
    this.#profiled?.ended(stall);
    this.#settling.add(stall, now);
    this.#stall = undefined;
    return { lengthMs: Math.max(0, end - stall.start), counts: !stall.inspectorOpen };
  }

  /** The loop has turned: what was taken belongs to the quiet before. */
  quietEnded(): void {
    this.#taken = [];
    this.#context = undefined;
    this.#contextDue = undefined;
  }

  suspended(gapMs: number): void {
    if (this.#stall !== undefined) {
      this.#stall.start += gapMs;
      this.#stall.suspendedMs += gapMs;
    }
  }

  /** The thread has ended, and with it what blocked it. */
  threadEnded(now: Monotonic): void {
    if (this.#stall !== undefined) {
      this.#parts.ledger.end(this.#stall, now);
      this.#settling.add(this.#stall, now);
      this.#stall = undefined;
    }
    this.settle();
  }

  /** Closes what is over at once: nothing more will be told. */
  settle(): void {
    this.#settling.settle();
  }

  #phase(): Phase {
    return this.#parts.phase(this.#taken[0] && standsOnLoader(this.#taken[0].callSites));
  }
}
