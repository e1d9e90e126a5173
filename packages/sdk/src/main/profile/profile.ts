// A CPU profile that is always running, so that the samples of a stall are there when the stall is over.
// Profiles overlap, the next one starts before the last one stops: a profiler that has nothing to do is
// torn down, and to set it up again takes time in proportion to the code that is loaded. For the same
// reason the first starts before the application's code is there. A profile is followed by the next once
// it is old, and after each stall. What is over is kept until the next is: a stall may end just as its
// profile has become old.
import { type Monotonic, monotonicNow } from '../../shared/clock.ts';
import type { ProfileMessage, ProfileRequest } from '../../shared/messages.ts';
import { workedMs } from '../worked-time.ts';
import type { Profiler, RawProfile } from './profiler.ts';

const oldMs = 10_000;
/** A start, a stop or a reading that holds this thread for longer ends the profiling. */
const mostHeldMs = 5;
const mostCharacters = 4 * 1024 * 1024;

// Held since load: the application may replace it.
const { stringify } = JSON;

export interface ProfileParts {
  readonly create: () => Profiler;
  readonly send: (message: ProfileMessage) => void;
  readonly failed: () => void;
  /** Told why there is no profile from now on. */
  readonly ended: (reason: string) => void;
  readonly now?: () => Monotonic;
  /** Milliseconds for which this thread was at work so far; anything that preempted it is not ours. */
  readonly workedMs?: () => number;
}

interface Running {
  readonly startedAt: Monotonic;
  readonly stop: () => RawProfile | undefined;
}

interface Finished {
  readonly startedAt: Monotonic;
  readonly endedAt: Monotonic;
  readonly profile: RawProfile;
}

export class Profile {
  readonly #parts: ProfileParts;
  readonly #now: () => Monotonic;
  readonly #workedMs: () => number;
  #profiler: Profiler | undefined;
  #running: Running | undefined;
  #last: Finished | undefined;

  constructor(parts: ProfileParts) {
    this.#parts = parts;
    this.#now = parts.now ?? monotonicNow;
    this.#workedMs = parts.workedMs ?? workedMs;
    // Not judged by its length: this is a part of the process's start.
    this.#contained(() => {
      this.#profiler = parts.create();
      this.#running = this.#start(this.#profiler);
    });
  }

  /** To be called about once a second. */
  sampled(): void {
    if (this.#running !== undefined && this.#now() - this.#running.startedAt >= oldMs) {
      this.#judged('to change profiles', () => this.#rotate());
    }
  }

  /** Answers the agent, in any case: it waits. */
  asked({ stall, since, until }: ProfileRequest): void {
    let text: string | undefined;
    let found: Finished | undefined;
    this.#judged('to read the profile', () => {
      // Several stalls may be asked for in one turn of the loop.
      if (this.#last === undefined || this.#last.endedAt < until) {
        const before = this.#last;
        this.#rotate();
        found =
          before !== undefined && covered(before, since, until) > covered(this.#last, since, until)
            ? before
            : this.#last;
      } else {
        found = this.#last;
      }
      text = typeof found?.profile === 'object' ? stringify(found.profile) : found?.profile;
      if (text !== undefined && text.length > mostCharacters) {
        text = undefined;
        this.#parts.failed();
      }
    });
    this.#parts.send({
      kind: 'profile',
      stall,
      on: this.#running !== undefined,
      ...(text !== undefined && found && { startedAt: found.startedAt, text }),
    });
  }

  get on(): boolean {
    return this.#running !== undefined;
  }

  /** For good. */
  stop(): void {
    this.#contained(() => {
      this.#running?.stop();
      this.#profiler?.close();
    });
    this.#running = undefined;
    this.#profiler = undefined;
    this.#last = undefined;
  }

  #start(profiler: Profiler): Running {
    return { startedAt: this.#now(), stop: profiler.start() };
  }

  #rotate(): void {
    const running = this.#running;
    if (running === undefined || this.#profiler === undefined) {
      return;
    }
    this.#running = this.#start(this.#profiler);
    const profile = running.stop();
    this.#last =
      profile === undefined ? undefined : { startedAt: running.startedAt, endedAt: this.#now(), profile };
  }

  #judged(what: string, work: () => void): void {
    const [began, worked] = [this.#now(), this.#workedMs()];
    this.#contained(work);
    const heldMs = Math.min(this.#now() - began, this.#workedMs() - worked);
    if (heldMs > mostHeldMs && this.#running !== undefined) {
      this.#end(`${what} held the thread for ${heldMs.toFixed(1)} ms`);
    }
  }

  #contained(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#end(String(error));
    }
  }

  #end(reason: string): void {
    this.#parts.failed();
    const [running, profiler] = [this.#running, this.#profiler];
    this.#running = undefined;
    this.#profiler = undefined;
    try {
      running?.stop();
      profiler?.close();
    } catch {
      // There is nothing left to end.
    }
    this.#parts.ended(reason);
  }
}

/** Milliseconds of a stall that a profile has samples of. */
function covered(profile: Finished | undefined, since: Monotonic, until: Monotonic): number {
  return profile === undefined
    ? 0
    : Math.max(0, Math.min(profile.endedAt, until) - Math.max(profile.startedAt, since));
}
