// The levels of looking at async tasks, what may be asked for, and what crosses between the threads.
// A change comes from the options, the handle or a POST: all are judged here, by the same words.
import type { Monotonic } from './clock.ts';
import type { RawCallSite } from './raw-call-site.ts';

/**
 * How closely async tasks are looked at. `off`: not at all; `rate`: how many are started, from Node's
 * own counter; `counts`: created, destroyed and live by type, by `async_hooks`; `census`: as `counts`,
 * and where a sample of them is created, for some seconds.
 */
export type TaskLevel = 'off' | 'rate' | 'counts' | 'census';

/** The levels that last. */
export type LastingTaskLevel = Exclude<TaskLevel, 'census'>;

export const taskLevels: readonly TaskLevel[] = ['off', 'rate', 'counts', 'census'];

/** A wish to look more closely, or less. */
export interface TaskChange {
  /** The level from now on. */
  readonly level: TaskLevel;
  /** Of a census: 1 to 60. Default 10. */
  readonly seconds?: number;
  /** Whether promises are looked at too. Default: as the option `taskPromises` says. */
  readonly promises?: boolean;
  /** Of a census: the only type whose creation sites are sampled, such as `Timeout`. */
  readonly type?: string;
}

export const censusSeconds = { least: 1, most: 60, byDefault: 10 } as const;

const longestType = 120;

/** What is wrong with a change, with the field and the value received; undefined where nothing is. */
export function changeFault(change: unknown): { field: string; expected: string } | undefined {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) {
    return { field: 'change', expected: 'an object' };
  }
  const { level, seconds, promises, type, ...others } = change as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    return { field: unknown, expected: 'one of the fields level, seconds, promises, type' };
  }
  if (!taskLevels.includes(level as TaskLevel)) {
    return { field: 'level', expected: `one of ${taskLevels.join(', ')}` };
  }
  const { least, most } = censusSeconds;
  const isCensus = level === 'census';
  if (
    seconds !== undefined &&
    !(isCensus && Number.isInteger(seconds) && Number(seconds) >= least && Number(seconds) <= most)
  ) {
    return {
      field: 'seconds',
      expected: isCensus ? `a whole number from ${least} to ${most}` : 'none: only a census ends',
    };
  }
  if (promises !== undefined && typeof promises !== 'boolean') {
    return { field: 'promises', expected: 'true or false' };
  }
  if (
    type !== undefined &&
    !(isCensus && typeof type === 'string' && type.length > 0 && type.length <= longestType)
  ) {
    const expected = isCensus
      ? `a type's name of 1 to ${longestType} characters`
      : 'none: only a census samples';
    return { field: 'type', expected };
  }
  return undefined;
}

/** What this Node can do without harm; told by each thread as it joins. */
export interface TaskAbilities {
  /** Why `async_hooks` must stay untouched here, or undefined. */
  readonly noHooks?: string;
  /** Whether a hook can leave promises alone. */
  readonly sparesPromises: boolean;
}

/** Why a change can't be had on this Node, or undefined. `promises` is what would hold. */
export function changeRefusal(
  level: TaskLevel,
  promises: boolean,
  { noHooks, sparesPromises }: TaskAbilities,
): string | undefined {
  if (level === 'off' || level === 'rate') {
    return undefined;
  }
  if (noHooks !== undefined) {
    return noHooks;
  }
  return sparesPromises || promises
    ? undefined
    : `on this Node.js every hook sees all promises too, at a cost for each await: level ${level} has to be asked for with promises`;
}

/** Of one type, since the thread's start; `live` counts those that were created while tasks were counted. */
export interface TaskCount {
  /** As the application names it: not escaped. */
  readonly type: string;
  readonly created: number;
  readonly destroyed: number;
  readonly live: number;
}

/** The part of a sample that tells of tasks. */
export interface TasksReading {
  readonly level: TaskLevel;
  readonly promises: boolean;
  /** Async ids handed out since the thread's start; absent at `off`. */
  readonly operations?: number;
  /** Present while tasks are counted. */
  readonly counts?: readonly TaskCount[];
  /** Live tasks for which there was no room: they are missing from `live`. */
  readonly untracked?: number;
}

/** A site at which sampled tasks were created. */
export interface RawTaskSite {
  readonly type: string;
  /** How many of its tasks were sampled. */
  readonly sampled: number;
  /** How many tasks these stand for. */
  readonly created: number;
  readonly callSites: readonly RawCallSite[];
}

/** A census, told in pieces so that none holds the thread up. */
export type CensusMessage =
  | {
      readonly kind: 'census';
      readonly part: 'started';
      readonly id: number;
      readonly at: Monotonic;
      readonly seconds: number;
      readonly promises: boolean;
      /** The only type that is sampled. */
      readonly only?: string;
    }
  | {
      readonly kind: 'census';
      readonly part: 'live';
      readonly id: number;
      /** Whether what was told of live tasks before is void. */
      readonly anew: boolean;
      /** Async ids; 0 where a slot is free. */
      readonly ids: Float64Array;
      /** Into `types` of the end. */
      readonly types: Uint8Array;
      /** Into the sites, counted from 1; 0 for a task that was not sampled. */
      readonly sites: Uint16Array;
    }
  | {
      readonly kind: 'census';
      readonly part: 'sites';
      readonly id: number;
      readonly sites: readonly RawTaskSite[];
    }
  | {
      readonly kind: 'census';
      readonly part: 'ended';
      readonly id: number;
      readonly at: Monotonic;
      /** Types by number. */
      readonly types: readonly string[];
      /** Tasks created within it, by type number. */
      readonly created: readonly number[];
      /** How many of these were sampled, by type number. */
      readonly sampled: readonly number[];
      /** Milliseconds that taking the samples took. */
      readonly samplingMs: number;
      /** The first async id that was handed out within it. */
      readonly firstId: number;
      /** Pairs of an async id and the moment at which it was the latest, both rising. */
      readonly moments: Float64Array;
      readonly untracked: number;
    };
