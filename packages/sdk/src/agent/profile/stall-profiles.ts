// The profiles of the worst and of the latest stalls, as the files that they leave as. Bounded by number
// and by bytes; outside of the agent's small heap.

const mostWorst = 8;
const mostLatest = 8;
const mostBytes = 8 * 1024 * 1024;
const largestBytes = 2 * 1024 * 1024;

interface Kept {
  readonly id: string;
  readonly durationMs: number;
  readonly file: Buffer;
}

export class StallProfiles {
  readonly #dropped: (count: number) => void;
  /** In the order in which they came. */
  #kept: readonly Kept[] = [];

  /** `dropped`: told of each that is given up. */
  constructor(dropped: (count: number) => void) {
    this.#dropped = dropped;
  }

  keep(id: string, durationMs: number, text: string): void {
    const file = Buffer.from(text);
    if (file.length > largestBytes) {
      this.#dropped(1);
      return;
    }
    const all = [...this.#kept, { id, durationMs, file }];
    const latest = all.slice(-mostLatest);
    const worst = all.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, mostWorst);
    let kept = all.filter((each) => latest.includes(each) || worst.includes(each));
    while (sizeOf(kept) > mostBytes) {
      kept = kept.slice(1);
    }
    this.#dropped(all.length - kept.length);
    this.#kept = kept;
  }

  /** The file of a stall. */
  file(id: string): Buffer | undefined {
    return this.#kept.find((each) => each.id === id)?.file;
  }
}

function sizeOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, { file }) => sum + file.length, 0);
}
