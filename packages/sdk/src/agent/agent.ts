// The agent: watches the threads that join, and offers what it knows to its outlets. Everything here
// runs on the agent thread and goes on while every application thread is blocked.
import type { MessagePort } from 'node:worker_threads';
import { monotonicNow } from '../shared/clock.ts';
import type {
  AgentMessage,
  AgentWorkerData,
  ControlMessage,
  GcEntry,
  ThreadJoin,
} from '../shared/messages.ts';
import type { CollectionForm } from '../shared/metrics-snapshot.ts';
import { debugTo, sayOnce } from '../shared/say.ts';
import { sharedWord } from '../shared/shared-words.ts';
import type { StallEvent } from '../shared/stall.ts';
import type { Outlet, OutletFactory } from '../telemetry/outlet.ts';
import { AgentSource } from './agent-source.ts';
import { AlertBook } from './alert-book.ts';
import { describeFindings } from './cause/findings-line.ts';
import { ThreadEvidence } from './cause/thread-evidence.ts';
import { interruptThread } from './interrupt.ts';
import { isThreadJoin } from './join-message.ts';
import { PollLoop } from './poll-loop.ts';
import { RelayBudget } from './relay-budget.ts';
import { readSleepingPlace } from './sleeping-place.ts';
import { SourceMapper } from './source-maps.ts';
import type { Activity } from './suspension.ts';
import { ContentionReader } from './system/contention.ts';
import { ThreadLabels } from './thread-labels.ts';
import { mainSchedulePath, ownSchedulePath, ThreadScheduleReader } from './thread-schedule.ts';
import { WatchedThread } from './watched-thread.ts';

/** Threads beyond so many at a time are not watched. */
const mostThreads = 256;
/** Longest sleep between two looks, while no thread has joined. */
const coarseMs = 200;

export class Agent {
  readonly #data: AgentWorkerData;
  readonly #port: MessagePort;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #debug: (line: string) => void;
  readonly #threads = new Map<number, WatchedThread>();
  readonly #relays = new RelayBudget();
  readonly #labels = new ThreadLabels();
  readonly #ownSchedule = new ThreadScheduleReader(ownSchedulePath);
  readonly #mainSchedule = new ThreadScheduleReader(mainSchedulePath);
  readonly #contention = new ContentionReader();
  readonly #alerts: AlertBook;
  readonly #source: AgentSource;
  readonly #pollLoop: PollLoop;
  /** Of the outlets that are still to be made. */
  readonly #factories: OutletFactory[];
  #outlets: readonly Outlet[] = [];
  readonly #opened = Promise.withResolvers<void>();
  #subscribed = false;
  /** At the next look, whether they are due or not. */
  #looksAtAll = false;

  constructor(data: AgentWorkerData, port: MessagePort, factories: readonly OutletFactory[]) {
    this.#factories = [...factories];
    this.#data = data;
    this.#port = port;
    this.#words = new Int32Array(data.words);
    this.#debug = debugTo(data.debug);
    this.#alerts = new AlertBook(data.firing, (alert) => this.#send({ kind: 'alert', alert }));
    this.#source = new AgentSource({
      alerts: this.#alerts,
      threads: this.#threads,
      ownSchedule: this.#ownSchedule,
      exiting: () => this.#exiting(),
      poolSize: process.env['UV_THREADPOOL_SIZE'],
      start: data.start,
      options: data.options,
      // Only the main thread's loop hears of it.
      changeTasks: ({ identity }, change) => {
        if (identity.id === 0) {
          this.#send({ kind: 'tasks', change });
        }
      },
      published: (event) => this.#published(event),
      debug: this.#debug,
    });
    this.#pollLoop = new PollLoop({
      now: monotonicNow,
      activity: () => this.#activity(),
      look: (now) => this.#look(now),
      suspended: (gapMs) => this.#suspended(gapMs),
      failed: (error) => this.#source.failed('watchdog', error),
    });
    port.on('message', (message: ControlMessage) => this.#received(message));
    // Anybody in the process may send here.
    process.on('workerMessage', (message: unknown, source: number) => {
      if (isThreadJoin(message) && message.thread.id === source) {
        this.#join(message);
      } else {
        this.#source.failed('message', new TypeError(`from thread ${source}`));
      }
    });
  }

  #openOutlets(): void {
    const context = {
      source: this.#source,
      alerts: this.#alerts,
      options: this.#data.options,
      sdkVersion: this.#data.sdkVersion,
      say: sayOnce,
      debug: this.#debug,
      listening: (url: string) => {
        this.#debug(`listening on ${url}`);
        this.#send({ kind: 'listening', url });
      },
    };
    this.#outlets = this.#factories
      .splice(0)
      .map((make) => make(context))
      .filter((outlet) => outlet !== undefined);
    this.#source.opened();
    this.#opened.resolve();
  }

  #received(message: ControlMessage): void {
    switch (message.kind) {
      case 'join':
        if (isThreadJoin(message)) {
          this.#join(message);
        } else {
          this.#source.failed('message', new TypeError('malformed join'));
        }
        break;
      case 'subscribe':
        this.#subscribed = message.stalls;
        break;
      case 'flush':
        void this.#flush();
        break;
      case 'collect':
        void this.#collect(message.id, message.form);
        break;
      default:
        this.#source.failed(
          'message',
          new TypeError(`unknown kind ${String((message as { kind?: unknown }).kind)}`),
        );
    }
  }

  #join(received: ThreadJoin): void {
    const { id } = received.thread;
    // One that joins again has closed its end of the channel, and that may not be known yet.
    this.#forget(id);
    if (this.#threads.size >= mostThreads) {
      received.port.close();
      return;
    }
    const name = id === 0 ? received.thread.name : this.#labels.take(received.thread.name);
    const join: ThreadJoin = { ...received, thread: { id, name } };
    const mapper = new SourceMapper({
      ask: ({ file, line, column }) => interruptThread(id, 'position', file, line, column),
      debug: this.#debug,
    });
    const { taskId } = join;
    const evidence = new ThreadEvidence(join.taskId, this.#contention);
    const thread = new WatchedThread(join, {
      // A worker's heartbeat may be longer than a quarter of what was asked for (main/heartbeat.ts).
      thresholdMs: Math.max(this.#data.options.stallThresholdMs, 4 * join.heartbeatMs),
      ledger: this.#source.ledger,
      mapper,
      evidence,
      ...(id !== 0 && { mayCapture: (now: number) => this.#relays.take(now) }),
      ...(id !== 0 && taskId !== undefined && { sleepingPlace: () => readSleepingPlace(taskId) }),
      interrupt: (capture) => interruptThread(id, 'probe', capture),
      ...(this.#data.debug && { record: (stall) => this.#debug(describeFindings(stall)) }),
      exiting: () => this.#exiting(),
      poolSaturated: () => this.#source.poolSaturated,
      captured: (outcome) => this.#source.counts.captures.add(outcome),
      collected: (entry) => this.#collected(join, entry),
      failed: (part, times) => this.#source.counts.failures.add(part, times),
      sampled: (each) => this.#source.sampled(each),
      censusEnded: (each, census) => this.#source.censusEnded(each, census),
      // The main thread alone has one.
      ...(id === 0 &&
        this.#data.options.profile && {
          profile: {
            ask: (request) => this.#send(request),
            keep: (stall, durationMs, text) => this.#source.profiles.keep(stall, durationMs, text),
          },
        }),
      // A worker thread sees to this by itself.
      stallEnded: id === 0 ? () => this.#send({ kind: 'stall-ended' }) : () => {},
      debug: this.#debug,
    });
    this.#threads.set(id, thread);
    // However a thread ends, its end of the channel is closed then.
    join.port.on('close', () => {
      evidence.stop();
      this.#end(id, thread);
    });
    this.#pollLoop.wake();
    this.#countWorkers('joined');
    if (id !== 0) {
      this.#debug(`thread ${id} joined as ${name}`);
      return;
    }
    Atomics.store(this.#words, sharedWord.watching, 1);
    this.#send({ kind: 'watching' });
    if (this.#factories.length > 0) {
      // The watching has begun; the ways out take longer to start.
      setImmediate(() => this.#openOutlets());
    }
  }

  #exiting(): boolean {
    return Atomics.load(this.#words, sharedWord.exiting) === 1;
  }

  #end(id: number, thread: WatchedThread): void {
    // One that has joined again lives on, and so do its counters.
    if (this.#threads.get(id) === thread) {
      this.#source.ending(thread);
      this.#forget(id);
      this.#countWorkers('ended');
      this.#debug(`thread ${id} has ended`);
    }
  }

  // Those that have counted themselves and not joined yet are known again when they join; of those that
  // never did, nothing is left as the next one ends.
  #countWorkers(change: 'joined' | 'ended'): void {
    const workers = this.#threads.size - (this.#threads.has(0) ? 1 : 0);
    if (change === 'ended' || Atomics.load(this.#words, sharedWord.workers) < workers) {
      Atomics.store(this.#words, sharedWord.workers, workers);
    }
  }

  #forget(id: number): void {
    const thread = this.#threads.get(id);
    if (thread !== undefined) {
      this.#threads.delete(id);
      thread.end(monotonicNow());
      this.#labels.release(thread.identity.name);
    }
  }

  #activity(): Activity | undefined {
    const own = this.#ownSchedule.read();
    const main = this.#mainSchedule.read();
    return (
      own && main && { agentRunMs: own.runMs, agentWaitMs: own.waitMs, mainBusyMs: main.runMs + main.waitMs }
    );
  }

  #look(now: number): number {
    let sleepMs = coarseMs;
    for (const thread of this.#threads.values()) {
      // A little early rather than by a wake of its own.
      if (this.#looksAtAll || thread.dueAt - now <= thread.restMs / 4) {
        thread.look(now);
      }
      sleepMs = Math.min(sleepMs, thread.dueAt - now);
    }
    this.#looksAtAll = false;
    this.#source.looked(now);
    return sleepMs;
  }

  #suspended(gapMs: number): void {
    this.#source.suspended(gapMs);
    for (const thread of this.#threads.values()) {
      thread.suspended(gapMs);
    }
    this.#debug(`suspended for ${Math.round(gapMs)} ms`);
  }

  #published(event: StallEvent): void {
    if (this.#subscribed) {
      this.#send({ kind: 'stall', event });
    }
  }

  #collected({ thread }: ThreadJoin, { type, durationMs }: GcEntry): void {
    const attributes = { 'v8js.gc.type': type, thread: thread.name };
    this.#source.record('v8js.gc.duration', durationMs / 1000, attributes);
  }

  async #flush(): Promise<void> {
    // Main may be gone for good behind its Atomics.wait: what it sent before must count.
    this.#looksAtAll = true;
    this.#pollLoop.wake();
    for (const thread of this.#threads.values()) {
      thread.settle();
    }
    await Promise.allSettled(this.#outlets.map((outlet) => outlet.flush()));
    Atomics.store(this.#words, sharedWord.flushed, 1);
    Atomics.notify(this.#words, sharedWord.flushed);
    this.#send({ kind: 'flushed' });
  }

  async #collect(id: number, form: CollectionForm): Promise<void> {
    await this.#opened.promise;
    try {
      const outlet = this.#outlets.find(({ collect }) => collect !== undefined);
      const collection = await outlet?.collect?.(form);
      this.#send({ kind: 'collected', id, ...(collection !== undefined && { collection }) });
    } catch (error) {
      this.#source.failed('collection', error);
      this.#send({ kind: 'collected', id, failure: String(error) });
    }
  }

  #send(message: AgentMessage): void {
    this.#port.postMessage(message);
  }
}
