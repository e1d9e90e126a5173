// Types of async tasks, numbered so that the hook counts in typed arrays. Node's own are known from the
// start; the application names others as it likes (`new AsyncResource('job-17')`), so only the first of
// those get a number, and the rest share one.
import { builtin } from '../../shared/builtin.ts';

/** Number of the type that stands for all that have none. */
export const otherType = 0;

/** More than Node has types of its own, so that a byte holds them all. */
export const mostTypes = 160;
const mostApplicationTypes = 24;
const longestName = 120;

export class TaskTypes {
  /** By number. */
  readonly names: string[] = ['other'];
  /** By name. */
  // An object without a prototype: a Map's methods may be replaced by the application.
  readonly numbers: Record<string, number> = Object.create(null);
  #applicationTypes = 0;

  constructor() {
    const { asyncWrapProviders } = builtin('node:async_hooks');
    for (const name of [...Object.keys(asyncWrapProviders), 'TickObject', 'Timeout', 'Immediate']) {
      if (this.names.length < mostTypes - mostApplicationTypes && this.numbers[name] === undefined) {
        this.#number(name);
      }
    }
  }

  /** The number of a type by its name. */
  of(name: string): number {
    return this.numbers[name] ?? this.learn(name);
  }

  /** Gives a name that has none a number, if one is left. */
  learn(name: string): number {
    if (this.#applicationTypes >= mostApplicationTypes) {
      return otherType;
    }
    this.#applicationTypes += 1;
    return this.#number(name);
  }

  #number(name: string): number {
    const number = this.names.length;
    this.names[number] = name.length > longestName ? name.slice(0, longestName) : name;
    this.numbers[name] = number;
    return number;
  }
}
