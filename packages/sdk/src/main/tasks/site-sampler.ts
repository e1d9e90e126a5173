// Where tasks are created, of every n-th of a type. A stack costs 10 to 20 µs, so n follows a budget of
// one hundredth of the thread's time, shared evenly by the types: a rare type that leaks is met beside a
// frequent one that does not. The distance to the next sample is random about n, since tasks are created
// in patterns that a fixed step would keep missing.
import { builtin } from '../../shared/builtin.ts';
import { monotonicNow } from '../../shared/clock.ts';
import type { RawCallSite } from '../../shared/raw-call-site.ts';
import type { RawTaskSite } from '../../shared/tasks.ts';
import { asTheyAre, trimmed } from '../call-sites.ts';
import { callSiteHash } from './call-site-hash.ts';
import { LiveTable } from './live-table.ts';
import { mostTypes } from './task-types.ts';

const { getCallSites } = builtin('node:util');
const { max, min } = Math;

/** Of the thread's time. */
const budget = 0.01;
/** The budget of so long is there from the start: a thousand stacks or so. */
const advanceMs = 2000;
const largestStep = 65_536;
const mostSites = 512;
/** Ours and Node's own are about eight of them. */
const mostCallSites = 16;

interface Site {
  readonly type: number;
  readonly callSites: readonly RawCallSite[];
  sampled: number;
  created: number;
}

export class SiteSampler {
  /** Samples by type number. */
  readonly sampled: Float64Array = new Float64Array(mostTypes);
  spentMs = 0;
  readonly #since = monotonicNow();
  /** The only type to sample, or -1. */
  readonly #only: number;
  readonly #spent = new Float64Array(mostTypes);
  readonly #steps = new Int32Array(mostTypes).fill(1);
  readonly #left = new Int32Array(mostTypes).fill(1);
  /** Tasks of a type since its last sample. */
  readonly #unseen = new Float64Array(mostTypes);
  readonly #stepTaken = new Int32Array(mostTypes).fill(1);
  #types = 0;
  #random = 0x2545f491;
  readonly #sites: Site[] = [];
  /** Number of a site, from 1, by its hash. */
  readonly #numbers = new LiveTable();
  #sampling = false;

  readonly #lengthMs: number;

  constructor(lengthMs: number, only: number) {
    this.#lengthMs = lengthMs;
    this.#only = only;
    // The first stack costs a hundred times as much as those that follow.
    getCallSites(1, asTheyAre);
  }

  /** To be called for each task: the number of its site, or 0 where it is not sampled. */
  site(type: number): number {
    const left = (this.#left[type] as number) - 1;
    this.#left[type] = left;
    // Reading the stack may itself create a task.
    return left > 0 || this.#sampling || (this.#only >= 0 && type !== this.#only) ? 0 : this.#due(type);
  }

  #due(type: number): number {
    this.#unseen[type] = (this.#unseen[type] as number) + (this.#stepTaken[type] as number);
    const before = monotonicNow();
    const allowed = max(before - this.#since, min(advanceMs, this.#lengthMs)) * budget;
    if (this.#spent[type] === 0) {
      this.#types += 1;
    }
    const spent = this.#spent[type] as number;
    const step = this.#steps[type] as number;
    if (this.spentMs > allowed || spent * this.#types > allowed) {
      this.#next(type, step < largestStep ? step * 2 : step);
      return 0;
    }
    this.#sampling = true;
    let number = 0;
    try {
      number = this.#sample(type);
    } finally {
      this.#sampling = false;
      const took = monotonicNow() - before;
      this.spentMs += took;
      this.#spent[type] = spent + took;
      this.#next(type, spent * this.#types < allowed / 2 && step > 1 ? step >>> 1 : step);
    }
    return number;
  }

  #next(type: number, step: number): void {
    this.#steps[type] = step;
    let random = this.#random;
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    this.#random = random;
    const distance = step === 1 ? 1 : 1 + ((random >>> 0) % (2 * step - 1));
    this.#left[type] = distance;
    this.#stepTaken[type] = distance;
  }

  #sample(type: number): number {
    const callSites = getCallSites(mostCallSites, asTheyAre);
    const stoodFor = this.#unseen[type] as number;
    this.#unseen[type] = 0;
    this.sampled[type] = (this.sampled[type] as number) + 1;
    const hash = callSiteHash(type, callSites);
    let number = this.#numbers.siteOf(hash);
    if (number === 0) {
      if (this.#sites.length >= mostSites) {
        return 0;
      }
      number = this.#sites.length + 1;
      this.#numbers.add(hash, 0, number);
      this.#sites[number - 1] = { type, callSites: trimmed(callSites), sampled: 0, created: 0 };
    }
    const site = this.#sites[number - 1] as Site;
    site.sampled += 1;
    site.created += stoodFor;
    return number;
  }

  /** The sites in the order of their numbers. */
  sites(names: readonly string[]): RawTaskSite[] {
    return this.#sites.map(({ type, sampled, created, callSites }) => ({
      type: names[type] ?? 'other',
      sampled,
      created,
      callSites,
    }));
  }
}
