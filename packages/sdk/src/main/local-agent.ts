// This process's agent as the main thread holds it: its own probes, the agent thread, the listeners. It
// ends with its last owner, and everything that it registered is undone.
import type { Alert } from '../shared/alert.ts';
import { builtin } from '../shared/builtin.ts';
import { type AgentMessage, type ControlMessage, wireVersion } from '../shared/messages.ts';
import type { CollectionForm, Collections } from '../shared/metrics-snapshot.ts';
import type { ResolvedOptions } from '../shared/options.ts';
import type { OverloadReason } from '../shared/overload.ts';
import type { LimitedFeature } from '../shared/own-time.ts';
import { debugTo, sayOnce } from '../shared/say.ts';
import { createSharedWords, sharedWord, watchingEnded } from '../shared/shared-words.ts';
import type { StallEvent } from '../shared/stall.ts';
import type { TaskChange } from '../shared/tasks.ts';
import { sdkVersion } from '../shared/version.ts';
import { AgentWorker } from './agent-worker.ts';
import { Collecting, collectionFailure } from './collecting.ts';
import { mayCapture } from './eligibility.ts';
import { flushAtExit } from './exit.ts';
import { announceAgent } from './process-agent.ts';
import { Profile } from './profile/profile.ts';
import { createProfiler } from './profile/profiler.ts';
import { closeRelay, type RelayedCall, relayToWorker, settleRelays } from './relay.ts';
import { ThreadProbes } from './thread-probes.ts';

const { debuglog } = builtin('node:util');
// Held since load: an application's fake timers replace these.
const { setTimeout, clearTimeout } = builtin('node:timers');

const featureNames: Readonly<Record<LimitedFeature, string>> = {
  profile: 'profiles are off',
  tasks: 'tasks are looked at by their rate alone',
  request: 'requests are not followed',
};

export type StallListener = (event: StallEvent) => void;
export type AlertListener = (alert: Alert) => void;

export class LocalAgent {
  readonly options: ResolvedOptions;
  readonly debug: (line: string) => void;
  /** Of the endpoint, once it listens. */
  url: string | undefined;
  readonly #words = createSharedWords();
  readonly #probes: ThreadProbes;
  readonly #profile: Profile | undefined;
  readonly #undo: (() => void)[] = [];
  readonly #listeners = new Set<StallListener>();
  readonly #alertListeners = new Set<AlertListener>();
  /** Kept for the next agent thread, which is to resolve them, should this one crash. */
  readonly #firing = new Map<string, Alert>();
  readonly #worker: AgentWorker;
  readonly #collecting = new Collecting((id, form) => this.#worker.post({ kind: 'collect', id, form }));
  #flushed: (() => void) | undefined;

  constructor(options: ResolvedOptions, script: string) {
    this.options = options;
    const debugging = debuglog('loopscope').enabled;
    this.debug = debugTo(debugging);
    this.#probes = new ThreadProbes({
      ...options,
      context: true,
      refused: (reason) => sayOnce(`LOOPSCOPE_TASKS=${options.tasks} can't be had, rate holds: ${reason}`),
      sampled: () => {
        closeRelay();
        this.#probes.own.measure('profile', () => this.#profile?.sampled());
      },
      budget: options.budgetPercent / 100,
      dearest: [
        {
          feature: 'profile',
          inUse: () => this.#profile?.on === true,
          switchOff: () => this.#profile?.stop(),
        },
      ],
      limited: (feature, share) => this.#limited(feature, share),
    });
    this.#profile = options.profile ? this.#startProfile() : undefined;
    this.#undo.push(
      () => this.#profile?.stop(),
      () => this.#probes.stop(),
      closeRelay,
      announceAgent(this.#words.buffer, options),
      flushAtExit({
        words: this.#words,
        capMs: options.exporters.includes('otlp') ? options.exitFlushMs : 0,
        settle: () => settleRelays(this.#words),
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
      joined: (post, threadId) => this.#join(post, threadId),
      received: (message) => this.#received(message),
      ended: () => {
        this.#collecting.fail('the agent thread has ended');
        Atomics.store(this.#words, sharedWord.watching, 0);
        if (Atomics.load(this.#words, sharedWord.agentThread) !== watchingEnded) {
          Atomics.store(this.#words, sharedWord.agentThread, 0);
        }
      },
      givenUp: () => Atomics.store(this.#words, sharedWord.agentThread, watchingEnded),
      debug: this.debug,
    });
    this.#worker.start();
  }

  #startProfile(): Profile {
    return new Profile({
      create: () => {
        if (!mayCapture()) {
          throw new Error('there is no inspector here, or the permission model denies it');
        }
        return createProfiler();
      },
      send: (message) => this.#probes.send(message),
      failed: () => this.#probes.failures.count('profile'),
      ended: (reason) => sayOnce(`profiles are off from now on: ${reason}`),
    });
  }

  #limited(feature: LimitedFeature | undefined, share: number): void {
    const took = `Loopscope took ${(share * 100).toFixed(2)} % of the main thread, over its budget of ${this.options.budgetPercent} % (LOOPSCOPE_BUDGET_PERCENT)`;
    sayOnce(
      feature === undefined
        ? `${took}: there is nothing more to switch off`
        : `${took}: ${featureNames[feature]} from now on`,
    );
  }

  #join(post: (message: ControlMessage, transfer: readonly object[]) => void, agentThread: number): void {
    const join = this.#probes.open({ id: 0, name: 'main' });
    post(join, [join.port]);
    // Worker threads join from now on: what they send waits until the agent thread listens.
    Atomics.store(this.#words, sharedWord.agentThread, agentThread);
    if (this.#listeners.size > 0) {
      post({ kind: 'subscribe', stalls: true }, []);
    }
  }

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
        this.#probes.utilization.rebase();
        break;
      case 'collected':
        this.#collecting.answered(message);
        break;
      case 'profile':
        this.#probes.own.measure('profile', () => this.#profile?.asked(message));
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
        this.#probes.failures.count('listener');
        this.debug(`a listener threw: ${String(error)}`);
      }
    }
  }

  /** Throws where this Node can't do it. The change must be valid. */
  setTasks(change: TaskChange): void {
    const refusal = this.#probes.tasks.set(change);
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
      this.#probes.failures.count('tasks');
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

  collect<Form extends CollectionForm>(form: Form): Promise<Collections[Form]> {
    if (!this.#worker.running) {
      return Promise.reject(collectionFailure('the agent thread is not running'));
    }
    return this.#collecting.collect(form);
  }

  get overloaded(): boolean {
    return this.#probes.overloaded;
  }

  shed(reasons?: ReadonlySet<OverloadReason>): OverloadReason | undefined {
    return this.#probes.shed(reasons);
  }

  probe(id: number): void {
    this.#probes.probe(id);
  }

  position(file: string, line: number, column: number): void {
    this.#probes.position(file, line, column);
  }

  relay(threadId: number, call: RelayedCall): void {
    try {
      relayToWorker(threadId, call, this.#words);
    } catch {
      this.#probes.failures.count('relay');
    }
  }

  async stop(): Promise<void> {
    if (this.options.exporters.includes('otlp') && Atomics.load(this.#words, sharedWord.watching) === 1) {
      await this.#flush();
    }
    for (const undo of this.#undo.splice(0).reverse()) {
      undo();
    }
    Atomics.store(this.#words, sharedWord.agentThread, watchingEnded);
    await this.#worker.stop();
    this.#probes.close();
  }

  /** What this thread has not sent yet goes first, so that it is in what the agent sends. */
  #askFlush(): void {
    this.#probes.flush();
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
