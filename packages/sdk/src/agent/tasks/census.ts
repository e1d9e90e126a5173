// One census of one thread, put together from the pieces in which it is told.
import { wallTimeAt } from '../../shared/clock.ts';
import type { RawCallSite } from '../../shared/raw-call-site.ts';
import type { Frame } from '../../shared/stall.ts';
import type { CensusMessage, RawTaskSite } from '../../shared/tasks.ts';
import type { CensusReport, CensusType, OldTask, TaskSite } from '../../shared/tasks-report.ts';
import { printable } from '../frames.ts';
import { AgeBuckets, TaskClock } from './task-ages.ts';

const mostSites = 30;
const mostFrames = 10;
const mostOldest = 10;
/** Sites are made frames of, with their source maps, only so far as they may be shown. */
const mostMapped = 100;

type Started = Extract<CensusMessage, { part: 'started' }>;
type Live = Extract<CensusMessage, { part: 'live' }>;
type Ended = Extract<CensusMessage, { part: 'ended' }>;

/** What the samples say of one site. */
interface SiteLives {
  readonly live: number;
  readonly survived: number;
  readonly oldestMs: number;
}

const none: SiteLives = { live: 0, survived: 0, oldestMs: 0 };

interface Aged {
  readonly ageMs: number;
  readonly type: number;
  readonly site: number;
}

export class Census {
  readonly #started: Started;
  readonly #frames: (callSites: readonly RawCallSite[]) => readonly Frame[];
  #live: Live[] = [];
  #sites: RawTaskSite[] = [];
  #report: CensusReport;

  constructor(started: Started, frames: (callSites: readonly RawCallSite[]) => readonly Frame[]) {
    this.#started = started;
    this.#frames = frames;
    this.#report = {
      ...this.#head('running'),
      created: 0,
      sampled: 0,
      sampledShare: 0,
      samplingMs: 0,
      untracked: 0,
      types: [],
      sites: [],
      oldest: [],
    };
  }

  get report(): CensusReport {
    return this.#report;
  }

  /** True when the message was its end. */
  add(message: CensusMessage): boolean {
    if (message.id !== this.#started.id || message.part === 'started') {
      return false;
    }
    switch (message.part) {
      case 'live':
        if (message.anew) {
          this.#live = [];
        }
        this.#live.push(message);
        return false;
      case 'sites':
        this.#sites.push(...message.sites);
        return false;
      case 'ended':
        this.#report = this.#made(message);
        this.#live = [];
        this.#sites = [];
        return true;
    }
  }

  #head(
    state: CensusReport['state'],
  ): Pick<CensusReport, 'state' | 'startedAt' | 'seconds' | 'promises' | 'only'> {
    const { at, seconds, promises, only } = this.#started;
    return {
      state,
      startedAt: Math.round(wallTimeAt(at)),
      seconds,
      promises,
      ...(only !== undefined && { only: printable(only) }),
    };
  }

  #made(ended: Ended): CensusReport {
    const ages = new Map<number, AgeBuckets>();
    const lives = new Map<number, SiteLives>();
    const oldest = new Oldest();
    const clock = new TaskClock(ended.moments, ended.at);
    const survivalMs = (ended.at - this.#started.at) / 2;
    for (const { ids, types, sites } of this.#live) {
      for (let slot = 0; slot < ids.length; slot += 1) {
        const id = ids[slot] ?? 0;
        if (id !== 0) {
          const aged = { ageMs: clock.age(id), type: types[slot] ?? 0, site: sites[slot] ?? 0 };
          bucketsOf(ages, aged.type).add(aged.ageMs);
          oldest.add(aged);
          if (aged.site > 0) {
            const before = lives.get(aged.site) ?? none;
            lives.set(aged.site, {
              live: before.live + 1,
              survived: before.survived + (aged.ageMs >= survivalMs ? 1 : 0),
              oldestMs: Math.max(before.oldestMs, aged.ageMs),
            });
          }
        }
      }
    }
    const created = sum(ended.created);
    const sampled = sum(ended.sampled);
    return {
      ...this.#head('done'),
      created,
      sampled,
      sampledShare: created === 0 ? 0 : round(sampled / created, 4),
      samplingMs: round(ended.samplingMs, 3),
      untracked: ended.untracked,
      types: typesOf(ended, ages),
      sites: this.#sitesOf(lives),
      oldest: oldest.list.map((aged) => this.#oldTask(aged, ended)),
    };
  }

  #sitesOf(lives: ReadonlyMap<number, SiteLives>): TaskSite[] {
    const found = this.#sites
      // A sampled task stands for as many as were created there for each sample.
      .map((raw, index) => ({ raw, lives: lives.get(index + 1) ?? none, weight: raw.created / raw.sampled }))
      .sort((a, b) => b.lives.live * b.weight - a.lives.live * a.weight || b.raw.created - a.raw.created)
      .slice(0, mostMapped);
    const merged = new Map<string, TaskSite>();
    for (const { raw, lives: own, weight } of found) {
      const place = this.#place(raw);
      const type = printable(raw.type);
      const key = `${type}\n${place.function}\n${place.file}\n${place.line}`;
      const before = merged.get(key);
      merged.set(key, {
        type,
        ...place,
        sampled: raw.sampled + (before?.sampled ?? 0),
        created: raw.created + (before?.created ?? 0),
        live: Math.round(own.live * weight) + (before?.live ?? 0),
        survived: Math.round(own.survived * weight) + (before?.survived ?? 0),
        oldestMs: Math.round(Math.max(own.oldestMs, before?.oldestMs ?? 0)),
        frames: before?.frames ?? place.frames,
      });
    }
    return [...merged.values()].sort((a, b) => b.live - a.live || b.created - a.created).slice(0, mostSites);
  }

  #place({ callSites }: RawTaskSite): Pick<TaskSite, 'function' | 'file' | 'line' | 'frames'> {
    const frames = this.#frames(callSites)
      .filter(({ file }) => file !== 'node:internal/async_hooks')
      .slice(0, mostFrames);
    const [frame] = frames;
    return {
      function: frame === undefined || frame.function === '' ? '(anonymous)' : frame.function,
      file: frame?.file ?? '',
      line: frame?.line ?? 0,
      frames,
    };
  }

  #oldTask({ ageMs, type, site }: Aged, { types }: Ended): OldTask {
    const raw = this.#sites[site - 1];
    return {
      type: printable(types[type] ?? 'other'),
      ageMs: Math.round(ageMs),
      ...(raw !== undefined && { site: this.#place(raw) }),
    };
  }
}

/** Keeps the oldest few. */
class Oldest {
  readonly list: Aged[] = [];

  add(aged: Aged): void {
    const last = this.list.at(-1);
    if (this.list.length === mostOldest && last !== undefined && aged.ageMs <= last.ageMs) {
      return;
    }
    const at = this.list.findIndex(({ ageMs }) => ageMs < aged.ageMs);
    this.list.splice(at < 0 ? this.list.length : at, 0, aged);
    this.list.splice(mostOldest);
  }
}

function typesOf(ended: Ended, ages: ReadonlyMap<number, AgeBuckets>): CensusType[] {
  return ended.types
    .map((name, number) => {
      const buckets = ages.get(number) ?? new AgeBuckets();
      const own = buckets.ages();
      return {
        type: printable(name),
        created: ended.created[number] ?? 0,
        sampled: ended.sampled[number] ?? 0,
        live: sum(Object.values(own) as number[]),
        ages: own,
        oldestMs: Math.round(buckets.oldestMs),
      };
    })
    .filter(({ created, live }) => created > 0 || live > 0)
    .sort((a, b) => b.live - a.live || b.created - a.created);
}

function bucketsOf(ages: Map<number, AgeBuckets>, type: number): AgeBuckets {
  let buckets = ages.get(type);
  if (buckets === undefined) {
    buckets = new AgeBuckets();
    ages.set(type, buckets);
  }
  return buckets;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
