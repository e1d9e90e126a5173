// From looks at `/stalls` to what is new since the last one.
import type { Stall } from '@loopscope/sdk/telemetry';
import type { Look } from './agent-client.ts';

/** A stall, and what was seen of it while the loop was still blocked. */
export interface SeenStall {
  readonly stall: Stall;
  /** Its age when it was first seen open; undefined where it was over before anybody looked. */
  readonly openAgeMs: number | undefined;
  /** Its age when it was first seen open with a culprit. */
  readonly namedAgeMs: number | undefined;
  /** `/livez` while it was open. */
  readonly livez: {
    readonly answers: number;
    readonly statuses: readonly number[];
    readonly slowestMs: number;
  };
}

/** `opened`: first seen open; `named`: a culprit came while it was open; `closed`: its end. */
export interface FeedEvent {
  readonly type: 'opened' | 'named' | 'closed';
  readonly seen: SeenStall;
}

const unasked: SeenStall['livez'] = { answers: 0, statuses: [], slowestMs: 0 };

export class StallFeed {
  readonly #seen = new Map<string, SeenStall>();

  /** What is new in this look, oldest stall first. */
  take(look: Look): FeedEvent[] {
    const events = look.stalls.toReversed().flatMap((stall) => this.#follow(stall, look));
    this.#forgetUnlisted(look.stalls);
    return events;
  }

  /** Every stall that overlaps the period from `from` to `to`, in Unix milliseconds, oldest first. */
  within(from: number, to: number): SeenStall[] {
    const overlapping = [...this.#seen.values()].filter(
      ({ stall }) => stall.startedAt <= to && stall.startedAt + stall.durationMs >= from,
    );
    return overlapping.sort((a, b) => a.stall.startedAt - b.stall.startedAt);
  }

  /** The agent lists the latest stalls only: what it dropped, nobody asks for any more. */
  #forgetUnlisted(listed: readonly Stall[]): void {
    const ids = new Set(listed.map((stall) => stall.id));
    for (const id of this.#seen.keys()) {
      if (!ids.has(id)) {
        this.#seen.delete(id);
      }
    }
  }

  #follow(stall: Stall, look: Look): FeedEvent[] {
    const before = this.#seen.get(stall.id);
    if (before?.stall.state === 'closed') {
      // A stack of a native call may arrive after the end.
      this.#seen.set(stall.id, { ...before, stall });
      return [];
    }
    const open = stall.state === 'open';
    const seen: SeenStall = {
      stall,
      openAgeMs: before?.openAgeMs ?? (open ? stall.durationMs : undefined),
      namedAgeMs: before?.namedAgeMs ?? (open && stall.culprit ? stall.durationMs : undefined),
      livez: open ? addLivez(before?.livez ?? unasked, look) : (before?.livez ?? unasked),
    };
    this.#seen.set(stall.id, seen);
    if (!open) {
      return [{ type: 'closed', seen }];
    }
    if (before === undefined) {
      return [{ type: 'opened', seen }];
    }
    return before.namedAgeMs === undefined && seen.namedAgeMs !== undefined ? [{ type: 'named', seen }] : [];
  }
}

function addLivez(livez: SeenStall['livez'], look: Look): SeenStall['livez'] {
  const known = livez.statuses.includes(look.livezStatus);
  return {
    answers: livez.answers + 1,
    statuses: known ? livez.statuses : [...livez.statuses, look.livezStatus],
    slowestMs: Math.max(livez.slowestMs, look.livezMs),
  };
}
