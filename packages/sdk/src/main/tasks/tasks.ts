// The level at which this thread's async tasks are looked at, and its changes. A census lasts some
// seconds and goes back to the level before; what it found is told in pieces, a timer's turn each, so
// that no single one holds the thread up.
import { builtin } from '../../shared/builtin.ts';
import { monotonicNow } from '../../shared/clock.ts';
import {
  type CensusMessage,
  censusSeconds,
  changeRefusal,
  type LastingTaskLevel,
  type TaskAbilities,
  type TaskChange,
  type TaskCount,
  type TaskLevel,
  type TasksReading,
} from '../../shared/tasks.ts';
import { taskAbilities } from './abilities.ts';
import { Moments } from './moments.ts';
import { latestAsyncId } from './operations.ts';
import { SiteSampler } from './site-sampler.ts';
import { TaskHook } from './task-hook.ts';

// Held since load: an application's fake timers replace these.
const { setTimeout, clearTimeout, setInterval, clearInterval } = builtin('node:timers');

/** Slots of the table that are told at once: half a megabyte, copied within a millisecond. */
const slotsAtOnce = 49_152;
const sitesAtOnce = 16;
const momentEveryMs = 100;

interface Census {
  readonly id: number;
  readonly sampler: SiteSampler;
  readonly createdBefore: Float64Array;
  readonly firstId: number;
  /** What holds when it is over. */
  readonly after: { readonly level: LastingTaskLevel; readonly promises: boolean };
}

export interface TasksParts {
  readonly level: LastingTaskLevel;
  readonly promises: boolean;
  readonly send: (message: CensusMessage) => void;
  readonly failed: (part: string, times?: number) => void;
  /** Told where the level to begin with can't be had; `rate` holds then. */
  readonly refused?: (reason: string) => void;
  readonly abilities?: TaskAbilities;
}

export class Tasks {
  #abilities: TaskAbilities;
  readonly #parts: TasksParts;
  readonly #moments = new Moments();
  // Made when it is first needed: an application at `rate` has no use for its tables.
  #hook: TaskHook | undefined;
  #level: TaskLevel = 'off';
  #promises = false;
  #census: Census | undefined;
  #lastCensus = 0;
  #latest = 0;
  #undo: (() => void)[] = [];
  #telling: NodeJS.Timeout | undefined;

  constructor(parts: TasksParts) {
    this.#parts = parts;
    this.#abilities = parts.abilities ?? taskAbilities();
    const refusal = changeRefusal(parts.level, parts.promises, this.#abilities);
    if (refusal !== undefined) {
      parts.refused?.(refusal);
    }
    this.#enter(refusal === undefined ? parts.level : 'rate', parts.promises);
  }

  get level(): TaskLevel {
    return this.#level;
  }

  /** How tasks can be looked at here. */
  get abilities(): TaskAbilities {
    return this.#abilities;
  }

  /** Milliseconds that the hooks took, as far as they run code of ours. */
  get spentMs(): number {
    return this.#hook?.spentMs ?? 0;
  }

  /** From now on tasks are looked at by their rate at most; `reason` is told to whoever asks for more. */
  limit(reason: string): void {
    this.#abilities = { ...this.#abilities, noHooks: reason };
    if (this.#level !== 'off') {
      this.#endCensus();
      this.#enter('rate', this.#promises);
    }
  }

  /** Why the change can't be had on this Node; undefined when it is made. The change must be valid. */
  set({ level, seconds, promises = this.#parts.promises, type }: TaskChange): string | undefined {
    const refusal = changeRefusal(level, promises, this.#abilities);
    if (refusal !== undefined) {
      return refusal;
    }
    if (level === 'census') {
      this.#beginCensus(seconds ?? censusSeconds.byDefault, promises, type);
    } else {
      this.#endCensus();
      this.#enter(level, promises);
    }
    return undefined;
  }

  #enter(level: LastingTaskLevel, promises: boolean): void {
    this.#level = level;
    this.#promises = promises;
    if (level === 'counts') {
      this.#hooked().enable(promises);
    } else {
      this.#hook?.disable();
    }
  }

  #hooked(): TaskHook {
    this.#hook ??= new TaskHook();
    return this.#hook;
  }

  #beginCensus(seconds: number, promises: boolean, type: string | undefined): void {
    this.#endCensus();
    this.#stopTelling();
    const hook = this.#hooked();
    const after = { level: this.#level as LastingTaskLevel, promises: this.#promises };
    const firstId = this.#latestId();
    this.#moments.note(firstId, monotonicNow());
    hook.enable(promises);
    hook.table.forgetSites();
    this.#lastCensus += 1;
    const only = type === undefined ? -1 : hook.types.of(type);
    const sampler = new SiteSampler(seconds * 1000, only);
    this.#census = { id: this.#lastCensus, sampler, createdBefore: hook.created.slice(), firstId, after };
    this.#level = 'census';
    const pacer = setInterval(() => this.#moments.note(hook.lastId, monotonicNow()), momentEveryMs);
    const end = setTimeout(() => this.#endCensus(), seconds * 1000);
    pacer.unref();
    end.unref();
    this.#undo = [() => clearInterval(pacer), () => clearTimeout(end)];
    this.#parts.send({
      kind: 'census',
      part: 'started',
      id: this.#lastCensus,
      at: monotonicNow(),
      seconds,
      promises,
      ...(type !== undefined && { only: type }),
    });
    // Last, so that none of our own is in it.
    hook.sampler = sampler;
  }

  #endCensus(): void {
    const census = this.#census;
    if (census === undefined) {
      return;
    }
    const hook = this.#hooked();
    hook.sampler = undefined;
    this.#census = undefined;
    for (const each of this.#undo.splice(0)) {
      each();
    }
    this.#moments.note(hook.lastId, monotonicNow());
    const { created, table, types, untracked } = hook;
    const ended: CensusMessage = {
      kind: 'census',
      part: 'ended',
      id: census.id,
      at: monotonicNow(),
      types: types.names.slice(),
      created: Array.from(created, (count, type) => count - (census.createdBefore[type] ?? 0)),
      sampled: Array.from(census.sampler.sampled),
      samplingMs: census.sampler.spentMs,
      firstId: census.firstId,
      moments: this.#moments.pairs(),
      untracked,
    };
    this.#enter(census.after.level, census.after.promises);
    this.#tell(census, table, ended);
  }

  #tell(census: Census, table: TaskHook['table'], ended: CensusMessage): void {
    const { id } = census;
    const sites = census.sampler.sites(this.#hooked().types.names);
    let layout = -1;
    let slot = 0;
    let site = 0;
    const next = (): void => {
      if (slot < table.ids.length) {
        // The table lives on at `counts`; laid out anew, its slots mean other tasks.
        const anew = layout !== table.layout;
        layout = table.layout;
        slot = anew ? 0 : slot;
        const end = slot + slotsAtOnce;
        this.#parts.send({
          kind: 'census',
          part: 'live',
          id,
          anew,
          ids: table.ids.slice(slot, end),
          types: table.types.slice(slot, end),
          sites: table.sites.slice(slot, end),
        });
        slot = end;
      } else if (site < sites.length) {
        this.#parts.send({ kind: 'census', part: 'sites', id, sites: sites.slice(site, site + sitesAtOnce) });
        site += sitesAtOnce;
      } else {
        this.#parts.send(ended);
        this.#telling = undefined;
        return;
      }
      this.#telling = setTimeout(contained, 1);
      this.#telling.unref();
    };
    const contained = (): void => {
      try {
        next();
      } catch {
        this.#telling = undefined;
        this.#parts.failed('census');
      }
    };
    contained();
  }

  #stopTelling(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
  }

  /** The part of a sample that tells of tasks. */
  sample(): TasksReading {
    const hook = this.#hook;
    const level = this.#level;
    if (hook !== undefined && hook.failures > 0) {
      this.#parts.failed('tasks', hook.failures);
      hook.failures = 0;
    }
    if (level === 'off') {
      return { level, promises: false };
    }
    const operations = this.#latestId();
    this.#moments.note(operations, monotonicNow());
    if (hook === undefined || hook.promises === undefined) {
      return { level, promises: false, operations };
    }
    const { promises, untracked } = hook;
    return { level, promises, operations, counts: countsOf(hook), ...(untracked > 0 && { untracked }) };
  }

  // Where a hook sees every id, none needs to be taken.
  #latestId(): number {
    const seen = this.#hook?.promises === undefined ? latestAsyncId() : this.#hook.lastId;
    this.#latest = Math.max(this.#latest, seen);
    return this.#latest;
  }

  stop(): void {
    for (const each of this.#undo.splice(0)) {
      each();
    }
    this.#stopTelling();
    this.#census = undefined;
    this.#hook?.disable();
    this.#level = 'off';
  }
}

function countsOf({ types, created, destroyed, live }: TaskHook): TaskCount[] {
  const counts: TaskCount[] = [];
  for (let number = 0; number < types.names.length; number += 1) {
    if ((created[number] as number) > 0) {
      counts.push({
        type: types.names[number] as string,
        created: created[number] as number,
        destroyed: destroyed[number] as number,
        live: live[number] as number,
      });
    }
  }
  return counts;
}
