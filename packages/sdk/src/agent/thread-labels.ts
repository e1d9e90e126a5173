// The `thread` attribute of worker threads: `<name>-<slot>`, where a slot is free again once its thread
// has ended. So a pool that restarts its workers for days has the series of its size, and no more.

const mostNames = 20;
const mostLabels = 128;
const longestName = 40;

const unnamed = 'worker';

/** Shared by all threads that are too many for a label of their own. */
export const sharedLabel = 'worker-other';

export class ThreadLabels {
  readonly #names = new Set<string>([unnamed]);
  /** Every label ever given, and whether it is in use. */
  readonly #labels = new Map<string, boolean>();

  /** `given`: the worker's name as the application gave it, if it did. */
  take(given: string): string {
    const name = this.#name(given);
    for (let slot = 1; ; slot += 1) {
      const label = `${name}-${slot}`;
      const inUse = this.#labels.get(label);
      if (inUse === undefined && this.#labels.size >= mostLabels) {
        return sharedLabel;
      }
      if (inUse !== true) {
        this.#labels.set(label, true);
        return label;
      }
    }
  }

  release(label: string): void {
    if (this.#labels.has(label)) {
      this.#labels.set(label, false);
    }
  }

  // Names that are made up anew for each worker would be as many as workers.
  #name(given: string): string {
    // What Node calls a worker without a name, in some releases.
    const name = given === 'WorkerThread' ? '' : given.slice(0, longestName).replace(/[^\w .:/@-]/g, '_');
    if (name === '' || (!this.#names.has(name) && this.#names.size > mostNames)) {
      return unnamed;
    }
    this.#names.add(name);
    return name;
  }
}
