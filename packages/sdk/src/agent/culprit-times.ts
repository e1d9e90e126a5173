// Seconds of stalls by culprit, in few series: the first culprits of the process's life have one each,
// so that a series never ends, and all later ones share one.
import type { Stall } from '../shared/stall.ts';
import type { Attributes } from '../telemetry/telemetry-source.ts';
import { packagePath } from './package-path.ts';

const mostFingerprints = 20;
const longestPath = 120;
const others = { 'code.function.name': 'other', 'code.file.path': 'other', fingerprint: 'other' };

interface Time {
  readonly attributes: Attributes;
  ms: number;
}

export class CulpritTimes {
  readonly #known = new Map<string, Attributes>();
  readonly #times = new Map<string, Time>();

  /** Adds a stall that is over; one without a culprit is not counted. */
  add(stall: Stall): void {
    const culprit = this.#attributesOf(stall);
    if (culprit === undefined) {
      return;
    }
    const key = `${culprit['fingerprint']}\n${stall.thread.name}`;
    const time = this.#times.get(key) ?? { attributes: { ...culprit, thread: stall.thread.name }, ms: 0 };
    time.ms += stall.durationMs;
    this.#times.set(key, time);
  }

  #attributesOf({ culprit, fingerprint }: Stall): Attributes | undefined {
    if (culprit === undefined || fingerprint === undefined) {
      return undefined;
    }
    const known = this.#known.get(fingerprint);
    if (known !== undefined || this.#known.size >= mostFingerprints) {
      return known ?? others;
    }
    const attributes = {
      'code.function.name': culprit.function,
      'code.file.path': shortened(packagePath(culprit.file)),
      fingerprint,
    };
    this.#known.set(fingerprint, attributes);
    return attributes;
  }

  entries(): Iterable<Readonly<Time>> {
    return this.#times.values();
  }
}

/** The end of a path tells more than its beginning. */
function shortened(path: string): string {
  return path.length > longestPath ? `…${path.slice(1 - longestPath)}`.toWellFormed() : path;
}
