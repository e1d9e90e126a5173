// A worker thread's membership in the agent of its process: its own probes, joined to the one agent
// thread by a message that only that thread can hear. When that agent thread is followed by another, after
// a crash, the worker joins again; when there will be none, it undoes what it set up.
import { builtin } from '../shared/builtin.ts';
import type { ResolvedOptions } from '../shared/options.ts';
import type { OverloadReason } from '../shared/overload.ts';
import { relayWord, sharedWord, watchingEnded } from '../shared/shared-words.ts';
import { workerHeartbeatFactor } from './heartbeat.ts';
import { promiseThen } from './held.ts';
import type { ProcessAgent } from './process-agent.ts';
import type { RelayedCall } from './relay.ts';
import { ThreadProbes } from './thread-probes.ts';

// Held since load: an application's fake timers replace these.
const { setImmediate, clearImmediate } = builtin('node:timers');
const { postMessageToThread, threadId, threadName } = builtin(
  'node:worker_threads',
) as typeof import('node:worker_threads') & { readonly threadName?: unknown };

// Ends this thread without its `exit` listeners, as a termination does.
const reallyExit = (process as unknown as { reallyExit(code: number): void }).reallyExit.bind(process);

export class ThreadMember {
  readonly options: Omit<ResolvedOptions, 'token'>;
  /** Only the main thread is told the endpoint's address. */
  readonly url: undefined;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #probes: ThreadProbes;
  /** The agent thread that this one has joined. */
  #agentThread = 0;
  #rebase: NodeJS.Immediate | undefined;
  /** The relay that this thread was last through with. */
  #through = 0;

  constructor({ words, options }: ProcessAgent) {
    this.options = options;
    this.#words = new Int32Array(words);
    this.#probes = new ThreadProbes({
      stallThresholdMs: options.stallThresholdMs,
      heartbeatFactor: workerHeartbeatFactor(Atomics.add(this.#words, sharedWord.workers, 1) + 1),
      // No code of the application's may run in a capture here, for it could not be cut short (relay.ts).
      request: false,
      context: false,
      tasks: options.tasks === 'off' ? 'off' : 'rate',
      taskPromises: false,
      noHooks: 'in a worker thread tasks are looked at by their rate alone',
      refused: () => {},
      sampled: () => this.#follow(),
    });
    this.#follow();
  }

  #follow(): void {
    const agentThread = Atomics.load(this.#words, sharedWord.agentThread);
    if (agentThread === watchingEnded) {
      void this.stop();
    } else if (agentThread !== 0 && agentThread !== this.#agentThread) {
      this.#agentThread = agentThread;
      this.#join(agentThread);
    }
  }

  #join(agentThread: number): void {
    const name = typeof threadName === 'string' ? threadName : '';
    const join = this.#probes.open({ id: threadId, name });
    void promiseThen(
      postMessageToThread(agentThread, join, [join.port]),
      () => {},
      () => {
        // It has ended, or does not listen yet: asked again with the next sample.
        this.#agentThread = 0;
      },
    );
  }

  get overloaded(): boolean {
    return this.#probes.overloaded;
  }

  shed(reasons?: ReadonlySet<OverloadReason>): OverloadReason | undefined {
    return this.#probes.shed(reasons);
  }

  /**
   * Makes a call for main, or, without one, sees that this thread was not to be terminated by what cut the
   * call short (relay.ts). Both by one function: where the stack has room for the one, it had for the other.
   */
  relayed(relay: number, call?: RelayedCall): void {
    if (call === undefined) {
      if (this.#through !== relay) {
        reallyExit(1);
        return;
      }
      // No function is entered after this: a termination that comes from now on meets the application's code.
      Atomics.store(this.#words, relayWord(relay), relay);
      Atomics.notify(this.#words, relayWord(relay));
      return;
    }
    try {
      this.#perform(call);
    } catch {
      this.#probes.failures.count('relay');
    }
    this.#through = relay;
  }

  #perform(call: RelayedCall): void {
    if (call[0] === 'position') {
      this.position(call[1], call[2], call[3]);
    } else {
      this.probe(call[1]);
    }
  }

  probe(id: number): void {
    this.#probes.probe(id);
    // When the loop turns again, the next block must not be dated back into this one.
    this.#rebase ??= setImmediate(() => {
      this.#rebase = undefined;
      this.#probes.utilization.rebase();
    });
  }

  position(file: string, line: number, column: number): void {
    this.#probes.position(file, line, column);
  }

  /** Stalls are told on the main thread. */
  addListener(): () => void {
    return () => {};
  }

  addAlertListener(): () => void {
    return () => {};
  }

  /** The level is the main thread's. */
  setTasks(): void {}

  stop(): Promise<void> {
    clearImmediate(this.#rebase);
    this.#probes.stop();
    this.#probes.close();
    return Promise.resolve();
  }
}
