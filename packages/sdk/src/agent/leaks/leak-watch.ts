// Watches every count of every thread for leaks, and finds out where a suspected one is created: by a
// census of its type, once in a while for as long as the suspicion holds.
import { type Monotonic, wallTimeAt } from '../../shared/clock.ts';
import type { Leak, LeakKind } from '../../shared/leak.ts';
import type { TaskChange, TasksReading } from '../../shared/tasks.ts';
import type { CensusReport, TaskSite } from '../../shared/tasks-report.ts';
import { LeakSuspect } from './leak-suspect.ts';
import { taskTypeOf } from './task-type.ts';

/** Windows from one census of a leak to the next. */
const censusEvery = 30;
const mostSites = 3;
/** Counts under this are not followed: they can't have grown by a hundred. */
const leastFollowed = 20;
const mostFollowed = 200;

/** What one thread tells in one sample. */
export interface ThreadCounts {
  readonly thread: string;
  readonly at: Monotonic;
  readonly level: TasksReading['level'] | undefined;
  readonly tasks: ReadonlyMap<string, number> | undefined;
  /** Undefined in a sample that skipped them. */
  readonly resources: Readonly<Record<string, number>> | undefined;
  readonly collections: number;
  readonly operations: number;
}

export interface LeakWatchParts {
  readonly windowMs: number;
  /** Whether a leak's sites are looked for. */
  readonly searches: boolean;
  /** Starts a census; false where the thread can't have one now. */
  readonly census: (thread: string, change: TaskChange) => boolean;
}

interface Followed {
  readonly kind: LeakKind;
  readonly type: string;
  /** Undefined for what is the process's. */
  readonly thread: string | undefined;
  readonly suspect: LeakSuspect;
  since: Monotonic | undefined;
  searchedAt: Monotonic | undefined;
  census: Leak['census'];
  sites: readonly TaskSite[];
}

export class LeakWatch {
  readonly #parts: LeakWatchParts;
  readonly #followed = new Map<string, Followed>();

  constructor(parts: LeakWatchParts) {
    this.#parts = parts;
  }

  add(counts: ThreadCounts): void {
    const { thread, level, tasks, resources } = counts;
    // A census that began at `counts` goes on counting; one that began at `rate` has seen only what is new.
    const counted = level === 'counts' || (level === 'census' && this.#follows('task', thread));
    if (counted && tasks !== undefined) {
      // They include what active resources would tell once more.
      this.#forget('resource', thread);
      this.#addAll('task', tasks, counts);
    } else if (level !== 'census') {
      this.#forget('task', thread);
      if (resources !== undefined) {
        this.#addAll('resource', new Map(Object.entries(resources)), counts);
      }
    }
    this.#search(counts);
  }

  /** Of the process as a whole; the rest is the main thread's. */
  addFileDescriptors(value: number, { at, collections, operations }: ThreadCounts): void {
    this.#follow('file_descriptor', 'any', undefined)?.suspect.add({ at, value, collections, operations });
    this.#judge(at);
  }

  #addAll(kind: LeakKind, values: ReadonlyMap<string, number>, counts: ThreadCounts): void {
    const { thread, at, collections, operations } = counts;
    for (const [type, value] of values) {
      if (value >= leastFollowed) {
        this.#follow(kind, type, thread);
      }
    }
    for (const each of this.#followed.values()) {
      if (each.kind === kind && each.thread === thread) {
        each.suspect.add({ at, value: values.get(each.type) ?? 0, collections, operations });
      }
    }
    this.#judge(at);
  }

  #follow(kind: LeakKind, type: string, thread: string | undefined): Followed | undefined {
    const key = JSON.stringify([kind, type, thread]);
    const known = this.#followed.get(key);
    if (known !== undefined || this.#followed.size >= mostFollowed) {
      return known;
    }
    const followed: Followed = {
      kind,
      type,
      thread,
      suspect: new LeakSuspect(this.#parts.windowMs),
      since: undefined,
      searchedAt: undefined,
      census: 'none',
      sites: [],
    };
    this.#followed.set(key, followed);
    return followed;
  }

  #follows(kind: LeakKind, thread: string): boolean {
    return [...this.#followed.values()].some((each) => each.kind === kind && each.thread === thread);
  }

  #forget(kind: LeakKind, thread: string): void {
    for (const [key, each] of this.#followed) {
      if (each.kind === kind && each.thread === thread) {
        this.#followed.delete(key);
      }
    }
  }

  #judge(now: Monotonic): void {
    for (const each of this.#followed.values()) {
      if (each.suspect.evidence === undefined) {
        each.since = undefined;
        each.searchedAt = undefined;
        each.census = 'none';
        each.sites = [];
      } else {
        each.since ??= now;
      }
    }
  }

  // One at a time: a census can sample all types, or one.
  #search({ thread, at, level }: ThreadCounts): void {
    const { searches, windowMs, census } = this.#parts;
    const due = [...this.#followed.values()].find(
      (each) =>
        each.since !== undefined &&
        (each.thread ?? 'main') === thread &&
        at - (each.searchedAt ?? Number.NEGATIVE_INFINITY) >= windowMs * censusEvery,
    );
    if (!searches || due === undefined || level === 'census') {
      return;
    }
    const seconds = Math.min(30, Math.max(5, Math.round(windowMs / 2000)));
    const type = due.kind === 'file_descriptor' ? undefined : taskTypeOf(due.type);
    if (census(thread, { level: 'census', seconds, ...(type !== undefined && { type }) })) {
      due.searchedAt = at;
      due.census = 'running';
    }
  }

  /** A census of the thread is complete, whoever asked for it. */
  censusEnded(thread: string, { only, sites }: CensusReport): void {
    for (const each of this.#followed.values()) {
      const type = each.kind === 'file_descriptor' ? undefined : taskTypeOf(each.type);
      if (each.since !== undefined && (each.thread ?? 'main') === thread && only === type) {
        each.census = 'done';
        each.sites = sites
          .filter((site) => site.survived > 0)
          // The other end of the application's own sockets is made by Node, and as many of them.
          .toSorted((a, b) => ownFirst(a) - ownFirst(b) || b.survived - a.survived)
          .slice(0, mostSites);
      }
    }
  }

  /** A thread has ended, and all that it had. */
  forget(thread: string): void {
    this.#forget('task', thread);
    this.#forget('resource', thread);
  }

  leaks(): readonly Leak[] {
    return [...this.#followed.values()].flatMap(({ kind, type, thread, suspect, since, census, sites }) =>
      since === undefined || suspect.evidence === undefined
        ? []
        : [
            {
              kind,
              type,
              ...(thread !== undefined && { thread }),
              since: Math.round(wallTimeAt(since)),
              evidence: suspect.evidence,
              census,
              sites,
            },
          ],
    );
  }
}

function ownFirst({ frames }: TaskSite): number {
  return frames[0]?.origin === 'application' ? 0 : 1;
}
