// One thread's stalls that are over and whose profile is asked for. The thread answers when its loop turns
// again; the stall is closed with what the answer tells, or without where it does not come in time.
import type { ProfileMessage, ProfileRequest, RawCallSite } from '../../shared/messages.ts';
import type { Frame } from '../../shared/stall.ts';
import { readProfile } from './cpu-profile.ts';
import { cutProfile } from './cut-profile.ts';
import { findingsOf, type ProfileFindings } from './findings.ts';

const mostAsked = 16;

/** What is needed of a stall, and what is found out about it. */
export interface ProfiledStall {
  readonly id: string;
  readonly start: number;
  readonly end: number | undefined;
  readonly suspendedMs: number;
  profile: ProfileFindings | undefined;
}

export interface ProfiledStallsParts {
  readonly ask: (request: ProfileRequest) => void;
  readonly ownScript: string;
  readonly place: (callSite: RawCallSite) => Frame;
  /** Takes the file of a stall. */
  readonly keep: (id: string, durationMs: number, text: string) => void;
}

export class ProfiledStalls {
  readonly #parts: ProfiledStallsParts;
  readonly #asked = new Map<string, ProfiledStall>();
  #on = true;

  constructor(parts: ProfiledStallsParts) {
    this.#parts = parts;
  }

  /** Asks for the profile of a stall that is over. */
  ended(stall: ProfiledStall): void {
    if (!this.#on || stall.end === undefined || this.#asked.size >= mostAsked) {
      return;
    }
    this.#asked.set(stall.id, stall);
    this.#parts.ask({
      kind: 'profile',
      stall: stall.id,
      // What was suspended lies within.
      since: stall.start - stall.suspendedMs,
      until: stall.end,
    });
  }

  waitsFor(stall: ProfiledStall): boolean {
    return this.#asked.has(stall.id);
  }

  /** It is closed, whatever may still come. */
  forget(stall: ProfiledStall): void {
    this.#asked.delete(stall.id);
  }

  answered({ stall: id, on, startedAt, text }: ProfileMessage): void {
    this.#on = on;
    const stall = this.#asked.get(id);
    this.#asked.delete(id);
    if (stall?.end === undefined || text === undefined || startedAt === undefined) {
      return;
    }
    const { start, end, suspendedMs } = stall;
    const [since, until] = [(start - suspendedMs) * 1000, end * 1000];
    const profile = readProfile(text, startedAt);
    const { ownScript, place } = this.#parts;
    const found = findingsOf(profile, { since, until, ownScript, place });
    if (found.profile.samples > 0) {
      stall.profile = found;
      this.#parts.keep(id, end - start, JSON.stringify(cutProfile(profile, since, until)));
    }
  }
}
