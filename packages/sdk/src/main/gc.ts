// Every garbage collection. Entries come several in a callback and after the fact; they are gathered
// and sent with the next sample, or at once when together they are long enough to matter to a stall.
import type { PerformanceObserver } from 'node:perf_hooks';
import { builtin } from '../shared/builtin.ts';
import { monotonicNow } from '../shared/clock.ts';
import type { GcEntry, GcMessage } from '../shared/messages.ts';
import type { OwnTime } from './own-time.ts';

const sendAtOnceMs = 5;
const mostGathered = 256;
const mostKept = 16_384;

/**
 * By V8's GCType, as `perf_hooks.constants.NODE_PERFORMANCE_GC_*` has them; Node names the minor
 * mark-sweep (2) only from 24.19.
 */
const types: Readonly<Record<number, GcEntry['type']>> = {
  1: 'minor',
  2: 'minor',
  4: 'major',
  8: 'incremental',
  16: 'weakcb',
};

const { PerformanceObserver: Observer, performance } = builtin('node:perf_hooks');

export class GcObserver {
  readonly #send: (message: GcMessage) => boolean;
  readonly #failed: () => void;
  readonly #observer: PerformanceObserver;
  // Entries are dated from this thread's own origin; the wire from the process-wide clock's.
  readonly #origin = monotonicNow() - performance.now();
  #gathered: GcEntry[] = [];

  /** `send` tells whether there is an agent thread to send to: until there is one, entries are kept. */
  constructor(send: (message: GcMessage) => boolean, failed: () => void, own: OwnTime) {
    this.#send = send;
    this.#failed = failed;
    this.#observer = new Observer((list) => own.measure('gc', () => this.#gather(() => list.getEntries())));
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  #gather(read: () => readonly { startTime: number; duration: number; detail?: unknown }[]): void {
    let sumMs = 0;
    try {
      for (const { startTime, duration, detail } of read()) {
        const type = types[(detail as { kind: number }).kind] ?? 'major';
        this.#gathered.push({ type, at: this.#origin + startTime, durationMs: duration });
        sumMs += duration;
      }
    } catch {
      this.#failed();
    }
    if (sumMs >= sendAtOnceMs || this.#gathered.length >= mostGathered) {
      this.#sendGathered();
    }
  }

  /** Sends what there is: also what Node has noted and not called back for yet. */
  flush(): void {
    this.#gather(() => this.#observer.takeRecords());
    this.#sendGathered();
  }

  #sendGathered(): void {
    if (this.#gathered.length > 0 && this.#send({ kind: 'gc', entries: this.#gathered })) {
      this.#gathered = [];
    } else if (this.#gathered.length > mostKept) {
      // No agent thread for so long: it may never come again.
      this.#gathered = [];
      this.#failed();
    }
  }

  stop(): void {
    this.flush();
    this.#observer.disconnect();
  }
}
