// The async hook: what it does for each task is to count it. Its callbacks run inside the application's
// calls, a million times a second at worst, and what they throw would end the process: so they allocate
// nothing, call little, and throw nothing.
import type { AsyncHook } from 'node:async_hooks';
import { builtin } from '../../shared/builtin.ts';
import { monotonicNow } from '../../shared/clock.ts';
import { LiveTable } from './live-table.ts';
import type { SiteSampler } from './site-sampler.ts';
import { mostTypes, TaskTypes } from './task-types.ts';

const { createHook } = builtin('node:async_hooks');

const { imul, min } = Math;
const now = monotonicNow;
/** Of the async ids, which are consecutive: one in 256 is measured. */
const measuredMask = 255;
const longestMs = 0.003;

/** Whether this Node has hooks that leave promises alone: a value of the wrong type is refused there. */
export function sparesPromises(): boolean {
  try {
    createHook({ init() {}, trackPromises: 'refused' as unknown as boolean });
    return false;
  } catch {
    return true;
  }
}

export class TaskHook {
  readonly types: TaskTypes = new TaskTypes();
  /** By type number, since the thread's start. */
  readonly created: Float64Array = new Float64Array(mostTypes);
  /** By type number, since the thread's start. */
  readonly destroyed: Float64Array = new Float64Array(mostTypes);
  /** By type number: of the tasks created since the hook was enabled, those that live. */
  readonly live: Float64Array = new Float64Array(mostTypes);
  table: LiveTable = new LiveTable();
  /** Samples creation sites, during a census. */
  sampler: SiteSampler | undefined;
  /** The latest async id that was seen. */
  lastId = 0;
  untracked = 0;
  failures = 0;
  /** What the hook took, in milliseconds, as far as it runs code of ours. */
  spentMs = 0;
  #hook: AsyncHook | undefined;
  #promises: boolean | undefined;

  // Flat: the frames of a call more lie between the application's recursion and the stack's end, and where
  // that is met within `init`, Node has already counted a timer that it will never make: the process then
  // stays up. What is caught here is undone by going on: Node's own code meets the end where it would.
  readonly #callbacks = {
    init: (id: number, type: string): void => {
      try {
        const began = (id & measuredMask) === 0 ? now() : 0;
        const number = this.types.numbers[type] ?? this.types.learn(type);
        (this.created[number] as number) += 1;
        this.lastId = id;
        let site = 0;
        if (this.sampler !== undefined) {
          site = this.#site(number);
        }
        const { table } = this;
        if (table.size >= table.most && !table.grow()) {
          this.untracked += 1;
          return;
        }
        const mask = table.ids.length - 1;
        let slot = imul(id, 0x9e3779b1) >>> table.shift;
        while (table.ids[slot] !== 0) {
          slot = (slot + 1) & mask;
        }
        table.ids[slot] = id;
        table.types[slot] = number;
        table.sites[slot] = site;
        table.size += 1;
        (this.live[number] as number) += 1;
        if (began !== 0) {
          // A task's end takes about as much as its beginning; more than this, and the thread was preempted.
          this.spentMs += 2 * (measuredMask + 1) * min(longestMs, now() - began);
        }
      } catch {
        this.failures += 1;
      }
    },
    destroy: (id: number): void => {
      try {
        const number = this.table.remove(id);
        if (number >= 0) {
          (this.destroyed[number] as number) += 1;
          (this.live[number] as number) -= 1;
        }
      } catch {
        this.failures += 1;
      }
    },
  };

  /** Whether promises are hooked; undefined while nothing is. */
  get promises(): boolean | undefined {
    return this.#promises;
  }

  /** Idempotent; what is live is counted anew only where the hook was off. */
  enable(promises: boolean): void {
    if (this.#promises === promises) {
      return;
    }
    if (this.#hook === undefined) {
      this.table = new LiveTable();
      this.live.fill(0);
      this.untracked = 0;
    }
    const hook = createHook({ ...this.#callbacks, trackPromises: promises });
    hook.enable();
    this.#hook?.disable();
    this.#hook = hook;
    this.#promises = promises;
  }

  /** Idempotent. The table stays to be read. */
  disable(): void {
    this.#hook?.disable();
    this.#hook = undefined;
    this.#promises = undefined;
  }

  // Apart, so that a stack that ends within it costs the site and not the task.
  #site(number: number): number {
    try {
      return this.sampler?.site(number) ?? 0;
    } catch {
      this.failures += 1;
      return 0;
    }
  }
}
