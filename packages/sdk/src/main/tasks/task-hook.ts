// The async hook: what it does for each task is to count it. Its callbacks run inside the application's
// calls, a million times a second at worst, and what they throw would end the process: so they allocate
// nothing, call little, and throw nothing.
import type { AsyncHook } from 'node:async_hooks';
import { builtin } from '../../shared/builtin.ts';
import { LiveTable } from './live-table.ts';
import type { SiteSampler } from './site-sampler.ts';
import { mostTypes, TaskTypes } from './task-types.ts';

const { createHook } = builtin('node:async_hooks');

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
  #hook: AsyncHook | undefined;
  #promises: boolean | undefined;

  readonly #callbacks = {
    init: (id: number, type: string): void => {
      try {
        this.#began(id, type);
      } catch {
        // Most likely the application's recursion has reached the stack's end: its own call meets it too.
        this.failures += 1;
      }
    },
    destroy: (id: number): void => {
      try {
        this.#ended(id);
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

  #began(id: number, type: string): void {
    const number = this.types.of(type);
    this.lastId = id;
    (this.created[number] as number) += 1;
    const { sampler } = this;
    if (this.table.add(id, number, sampler === undefined ? 0 : sampler.site(number))) {
      (this.live[number] as number) += 1;
    } else {
      this.untracked += 1;
    }
  }

  #ended(id: number): void {
    const number = this.table.remove(id);
    if (number >= 0) {
      (this.destroyed[number] as number) += 1;
      (this.live[number] as number) -= 1;
    }
  }
}
