// This process's agent as the main thread holds it: the probes, the agent thread, the owners. It ends
// with its last owner, and everything that it registered is undone.
import type { MessagePort } from 'node:worker_threads';
import type { Alert } from '../shared/alert.ts';
import { builtin } from '../shared/builtin.ts';
import { monotonicNow } from '../shared/clock.ts';
import {
  type AgentMessage,
  type ControlMessage,
  type ThreadJoin,
  type ThreadMessage,
  wireVersion,
} from '../shared/messages.ts';
import type { ResolvedOptions } from '../shared/options.ts';
import { debugTo, sayOnce } from '../shared/say.ts';
import { createSharedWords, createThreadWords, sharedWord } from '../shared/shared-words.ts';
import type { StallEvent } from '../shared/stall.ts';
import type { TaskChange } from '../shared/tasks.ts';
import { sdkVersion } from '../shared/version.ts';
import { AgentWorker } from './agent-worker.ts';
import { answerCapture, answerPosition } from './capture-probe.ts';
import { mayCapture, startedUnderInspector } from './eligibility.ts';
import { flushAtExit } from './exit.ts';
import { Failures } from './failures.ts';
import { tellFirstTurn } from './first-turn.ts';
import { GcObserver } from './gc.ts';
import { startHeartbeat } from './heartbeat.ts';
import { postMessage } from './held.ts';
import { countListenerWarnings } from './listener-warnings.ts';
import { countRequests } from './request-count.ts';
import { followRequests } from './requests.ts';
import { startSampler } from './sampler.ts';
import { Tasks } from './tasks/tasks.ts';
import { Utilization } from './utilization.ts';

const { MessageChannel } = builtin('node:worker_threads');
const { debuglog } = builtin('node:util');
// Held since load: an application's fake timers replace these.
const { setTimeout, clearTimeout } = builtin('node:timers');

export type StallListener = (event: StallEvent) => void;
export type AlertListener = (alert: Alert) => void;

export class LocalAgent {
  readonly options: ResolvedOptions;
  readonly debug: (line: string) => void;
  /** Of the endpoint, once it listens. */
  url: string | undefined;
  readonly #since = monotonicNow();
  readonly #words = createSharedWords();
  readonly #threadWords = createThreadWords();
  readonly #failures = new Failures();
  readonly #utilization = new Utilization();
  readonly #heartbeat: ReturnType<typeof startHeartbeat>;
  readonly #gc: GcObserver;
  readonly #requests: ReturnType<typeof followRequests> | undefined;
  readonly #tasks: Tasks;
  readonly #undo: (() => void)[] = [];
  readonly #listeners = new Set<StallListener>();
  readonly #alertListeners = new Set<AlertListener>();
  /** Kept for the next agent thread, which is to resolve them, should this one crash. */
  readonly #firing = new Map<string, Alert>();
  readonly #worker: AgentWorker;
  /** Our end of the channel to the present agent thread. */
  #port: MessagePort | undefined;
  #flushed: (() => void) | undefined;

  constructor(options: ResolvedOptions, script: string) {
    this.options = options;
    const debugging = debuglog('loopscope').enabled;
    this.debug = debugTo(debugging);
    this.#heartbeat = startHeartbeat(options.stallThresholdMs);
    this.#gc = new GcObserver(this.#send, () => this.#failures.count('gc'));
    this.#requests = options.request ? followRequests() : undefined;
    const requestCount = countRequests(this.#threadWords);
    this.#tasks = new Tasks({
      level: options.tasks,
      promises: options.taskPromises,
      send: this.#send,
      failed: (part, times) => this.#failures.count(part, times),
      refused: (reason) => sayOnce(`LOOPSCOPE_TASKS=${options.tasks} can't be had, rate holds: ${reason}`),
    });
    const listenerWarnings = countListenerWarnings();
    this.#undo.push(
      () => this.#tasks.stop(),
      listenerWarnings.stop,
      () => this.#heartbeat.stop(),
      () => this.#gc.stop(),
      () => this.#requests?.stop(),
      () => requestCount.stop(),
      tellFirstTurn(this.#send),
      startSampler({
        utilization: this.#utilization,
        send: (message) => {
          this.#gc.flush();
          requestCount.sweep();
          this.#send(message);
        },
        tasks: () => this.#tasks.sample(),
        listenerWarnings: listenerWarnings.count,
        takeFailures: () => this.#failures.take(),
        failed: (part) => this.#failures.count(part),
      }),
      flushAtExit({
        words: this.#words,
        capMs: options.exporters.includes('otlp') ? options.exitFlushMs : 0,
        askFlush: () => this.#askFlush(),
      }),
    );
    this.#worker = new AgentWorker({
      script,
      workerData: (start) => ({
        version: wireVersion,
        sdkVersion,
        options,
        words: this.#words.buffer,
        start,
        firing: [...this.#firing.values()],
        debug: debugging,
      }),
      joined: (post) => this.#join(post),
      received: (message) => this.#received(message),
      ended: () => Atomics.store(this.#words, sharedWord.watching, 0),
      debug: this.debug,
    });
    this.#worker.start();
  }

  #join(post: (message: ControlMessage, transfer: readonly object[]) => void): void {
    const { port1, port2 } = new MessageChannel();
    // Never listened to, only written: it keeps nothing alive.
    this.#port?.close();
    this.#port = port1;
    const join: ThreadJoin = {
      version: wireVersion,
      kind: 'join',
      thread: { id: 0, name: 'main' },
      heartbeat: this.#heartbeat.histogram,
      heartbeatMs: this.#heartbeat.intervalMs,
      since: this.#since,
      words: this.#threadWords,
      port: port2,
      inspectorOpen: startedUnderInspector(),
      captures: mayCapture(),
      sourceMaps: process.sourceMapsEnabled,
      ownScript: import.meta.url,
      tasks: this.#tasks.abilities,
    };
    post(join, [port2]);
    if (this.#listeners.size > 0) {
      post({ kind: 'subscribe', stalls: true }, []);
    }
  }

  // A field and not a method: the probes hold it.
  readonly #send = (message: ThreadMessage): void => {
    if (this.#port !== undefined) {
      postMessage(this.#port, message);
    }
  };

  #received(message: AgentMessage): void {
    switch (message.kind) {
      case 'watching':
        this.debug('agent watches');
        break;
      case 'listening':
        this.url = message.url;
        break;
      case 'flushed':
        this.#flushed?.();
        break;
      case 'stall-ended':
        this.#utilization.rebase();
        break;
      case 'stall':
        this.#tell(this.#listeners, message.event);
        break;
      case 'alert':
        this.#alerted(message.alert);
        break;
      case 'tasks':
        this.#changeTasks(message.change);
        break;
    }
  }

  #alerted(alert: Alert): void {
    if (alert.status === 'firing') {
      this.#firing.set(alert.fingerprint, alert);
    } else {
      this.#firing.delete(alert.fingerprint);
    }
    this.#tell(this.#alertListeners, alert);
  }

  #tell<Event>(listeners: Iterable<(event: Event) => void>, event: Event): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#failures.count('listener');
        this.debug(`a listener threw: ${String(error)}`);
      }
    }
  }

  /** Throws where this Node can't do it. The change must be valid. */
  setTasks(change: TaskChange): void {
    const refusal = this.#tasks.set(change);
    if (refusal !== undefined) {
      throw Object.assign(new Error(`Loopscope handle.setTasks: ${refusal}`), {
        code: 'LOOPSCOPE_TASKS_UNAVAILABLE',
      });
    }
  }

  // Asked for by the agent, which has judged it.
  #changeTasks(change: TaskChange): void {
    try {
      this.setTasks(change);
      this.debug(`tasks: ${change.level}`);
    } catch (error) {
      this.#failures.count('tasks');
      this.debug(String(error));
    }
  }

  addListener(listener: StallListener): () => void {
    // Wrapped, so that one function given twice is called twice and undone once each.
    const own: StallListener = (event) => listener(event);
    this.#listeners.add(own);
    this.#subscribe();
    return () => {
      this.#listeners.delete(own);
      this.#subscribe();
    };
  }

  addAlertListener(listener: AlertListener): () => void {
    const own: AlertListener = (alert) => listener(alert);
    this.#alertListeners.add(own);
    return () => this.#alertListeners.delete(own);
  }

  #subscribe(): void {
    this.#worker.post({ kind: 'subscribe', stalls: this.#listeners.size > 0 });
  }

  probe(id: number): void {
    answerCapture(id, this.#probeParts());
  }

  position(file: string, line: number, column: number): void {
    answerPosition({ file, line, column }, this.#probeParts());
  }

  #probeParts(): Parameters<typeof answerCapture>[1] {
    return {
      utilization: this.#utilization,
      requests: this.#requests,
      send: this.#send,
      failed: (part) => this.#failures.count(part),
    };
  }

  async stop(): Promise<void> {
    if (this.options.exporters.includes('otlp') && Atomics.load(this.#words, sharedWord.watching) === 1) {
      await this.#flush();
    }
    for (const undo of this.#undo.splice(0).reverse()) {
      undo();
    }
    await this.#worker.stop();
    this.#port?.close();
  }

  /** What this thread has not sent yet goes first, so that it is in what the agent sends. */
  #askFlush(): void {
    this.#gc.flush();
    this.#worker.post({ kind: 'flush' });
  }

  #flush(): Promise<void> {
    return new Promise((resolve) => {
      // Ref'd: whoever awaits `stop()` must not find the process ended meanwhile.
      const timer = setTimeout(resolve, this.options.exitFlushMs);
      this.#flushed = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#askFlush();
    });
  }
}
