// A real WatchedThread, with a real channel, over a heartbeat that ticks when a test says so.
import { MessageChannel } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { EvidenceSources } from '../../src/agent/cause/evidence-log.ts';
import { SourceMapper } from '../../src/agent/source-maps.ts';
import { StallLedger } from '../../src/agent/stall-ledger.ts';
import { WatchedThread } from '../../src/agent/watched-thread.ts';
import type {
  CaptureMessage,
  ContextMessage,
  GcEntry,
  RawCallSite,
  ThreadJoin,
} from '../../src/shared/messages.ts';
import { wireVersion } from '../../src/shared/messages.ts';
import { createThreadWords } from '../../src/shared/shared-words.ts';
import type { StallEvent } from '../../src/shared/stall.ts';
import type { CensusReport } from '../../src/shared/tasks-report.ts';

export const thresholdMs = 100;
export const heartbeatMs = 25;
const ownScript = 'file:///srv/app/node_modules/@loopscope/sdk/dist/register.js';

export function callSite(functionName: string, scriptName = 'file:///srv/app/src/orders.js'): RawCallSite {
  return { functionName, scriptName, lineNumber: 7, columnNumber: 9 };
}

export class WatchedLife {
  now = 0;
  exiting = false;
  readonly thread: WatchedThread;
  readonly ledger: StallLedger;
  readonly events: StallEvent[] = [];
  readonly interrupts: number[] = [];
  readonly outcomes: string[] = [];
  readonly failures: [part: string, times: number][] = [];
  readonly collected: GcEntry[] = [];
  readonly censuses: CensusReport[] = [];
  readonly positionsAsked: string[] = [];
  stallsEnded = 0;
  readonly words = createThreadWords();
  /** What the system tells of the thread. */
  schedule = { runMs: 0, waitMs: 0 };
  asleep = false;
  /** Where it sleeps in a futex. */
  place: string | undefined;
  readonly evidence: EvidenceSources = {
    schedule: () => this.schedule,
    state: () => ({ asleep: this.asleep, systemMs: 0, pageFaults: 0 }),
    contention: () => ({}),
  };
  readonly #heartbeat = { count: 0, mean: 0, percentile: () => heartbeatMs * 1e6 };
  readonly #channel = new MessageChannel();

  constructor(changes: Partial<ThreadJoin> = {}) {
    const { port1, port2 } = this.#channel;
    onTestFinished(() => port1.close());
    const join: ThreadJoin = {
      version: wireVersion,
      kind: 'join',
      thread: { id: 0, name: 'main' },
      // Of the histogram only these are read; a mean of 0 leaves the ticks to be dated by the looks, and
      // none of them is late.
      heartbeat: this.#heartbeat as unknown as ThreadJoin['heartbeat'],
      heartbeatMs,
      since: 0,
      port: port2,
      words: this.words,
      inspectorOpen: false,
      captures: true,
      sourceMaps: false,
      ownScript,
      tasks: { sparesPromises: true },
      ...changes,
    };
    this.ledger = new StallLedger({ now: () => this.now, publish: (event) => this.events.push(event) });
    this.thread = new WatchedThread(join, {
      thresholdMs,
      ledger: this.ledger,
      mapper: new SourceMapper({
        ask: ({ file, line, column }) => this.positionsAsked.push(`${file}:${line}:${column}`),
        debug: () => {},
      }),
      evidence: this.evidence,
      ...(join.thread.id !== 0 && { sleepingPlace: () => this.place }),
      poolSaturated: () => false,
      interrupt: (id) => this.interrupts.push(id),
      exiting: () => this.exiting,
      captured: (outcome) => this.outcomes.push(outcome),
      collected: (entry) => this.collected.push(entry),
      failed: (part, times = 1) => this.failures.push([part, times]),
      sampled: () => {},
      censusEnded: (_thread, census) => this.censuses.push(census),
      stallEnded: () => {
        this.stallsEnded += 1;
      },
      debug: () => {},
    });
  }

  /** As the application's thread posts it. */
  post(message: unknown): void {
    this.#channel.port1.postMessage(message);
  }

  /** The loop turns, and the agent looks at this moment. */
  tick(now: number): void {
    this.#heartbeat.count += 1;
    this.look(now);
  }

  /** It turns again after that, so that what is over is closed. */
  resume(now: number): void {
    this.tick(now);
    this.tick(now + heartbeatMs);
  }

  look(...moments: readonly number[]): void {
    for (const now of moments) {
      this.now = now;
      this.thread.look(now);
    }
  }

  /** A busy loop ticks once between two looks, up to this moment. */
  calm(until: number): void {
    for (let at = this.now + 2 * heartbeatMs; at <= until; at += 2 * heartbeatMs) {
      this.#heartbeat.count += 1;
      this.look(at);
    }
  }

  /** The answer to the last capture that was asked for. */
  capture(
    at: number,
    activeMs: number,
    callSites: readonly RawCallSite[],
    changes: Partial<CaptureMessage> = {},
  ): void {
    const id = this.interrupts.at(-1) ?? 0;
    const own = [callSite('answerCapture', ownScript), callSite('', '')];
    this.post({
      kind: 'capture',
      id,
      at,
      activeMs,
      callSites: [...own, ...callSites],
      inspectorOpen: false,
      ...changes,
    });
  }

  /** What follows that answer. */
  context(context: Omit<ContextMessage, 'kind' | 'id'> = {}): void {
    this.post({ kind: 'context', id: this.interrupts.at(-1) ?? 0, ...context });
  }

  get told(): string[] {
    return this.events.map(({ type, stall }) => `${type} ${stall.culprit?.function ?? '-'}`);
  }
}

export const request = { method: 'GET', route: '/orders/:id' };
export const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };

/** Blocked in JavaScript since 1060, which is found at 1160. */
export function blockedLife(): WatchedLife {
  const life = new WatchedLife();
  life.calm(1050);
  life.look(1100);
  life.capture(1101, 41, [callSite('sum'), callSite('handle')]);
  life.context({ request, span });
  life.look(1105, 1155, 1160);
  return life;
}

export const sample = {
  kind: 'sample',
  at: 1000,
  active: 250,
  idle: 750,
  iterations: 1,
  events: 1,
  eventsWaiting: 0,
  externalBytes: 0,
  heapSpaces: [],
  inspectorOpen: false,
  sourceMaps: false,
};
