// All that observes one application thread, be it the main thread or a worker: started together,
// speaking over one channel to the present agent thread, and undone together.
import type { MessagePort } from 'node:worker_threads';
import { builtin } from '../shared/builtin.ts';
import { monotonicNow } from '../shared/clock.ts';
import { type ThreadJoin, type ThreadMessage, wireVersion } from '../shared/messages.ts';
import type { OverloadReason } from '../shared/overload.ts';
import { createThreadWords } from '../shared/shared-words.ts';
import type { ThreadIdentity } from '../shared/stall.ts';
import type { LastingTaskLevel } from '../shared/tasks.ts';
import { Budget, type BudgetParts, type BudgetStep } from './budget.ts';
import { answerCapture, answerPosition } from './capture-probe.ts';
import { mayCapture, startedUnderInspector } from './eligibility.ts';
import { Failures } from './failures.ts';
import { tellFirstTurn } from './first-turn.ts';
import { GcObserver } from './gc.ts';
import { startHeartbeat } from './heartbeat.ts';
import { postMessage } from './held.ts';
import { countListenerWarnings } from './listener-warnings.ts';
import { OwnTime } from './own-time.ts';
import { countRequests } from './request-count.ts';
import { followRequests } from './requests.ts';
import { startSampler } from './sampler.ts';
import { overloaded, shed } from './shedding.ts';
import { taskAbilities } from './tasks/abilities.ts';
import { Tasks } from './tasks/tasks.ts';
import { Utilization } from './utilization.ts';

const { readlinkSync } = builtin('node:fs');
const { MessageChannel } = builtin('node:worker_threads');

export interface ThreadProbesParts {
  readonly stallThresholdMs: number;
  /** By how much longer its heartbeat is than main's; 1 without. */
  readonly heartbeatFactor?: number;
  readonly request: boolean;
  /** Whether a capture reads the active span and the request. */
  readonly context: boolean;
  readonly tasks: LastingTaskLevel;
  readonly taskPromises: boolean;
  /** Why tasks can be looked at by their rate alone, where that is so whatever this Node can do. */
  readonly noHooks?: string;
  /** Told where the level of tasks can't be had. */
  readonly refused: (reason: string) => void;
  /** Called about once a second. */
  readonly sampled: () => void;
  /** The share of this thread's time that we may take, 0 to 1; without it nothing is limited. */
  readonly budget?: number;
  /** What the budget may switch off beside the probes here, before them. */
  readonly dearest?: readonly BudgetStep[];
  /** Told of each step of the budget. */
  readonly limited?: BudgetParts['limited'];
}

export class ThreadProbes {
  readonly failures: Failures = new Failures();
  readonly own: OwnTime = new OwnTime();
  readonly utilization: Utilization = new Utilization();
  readonly #context: boolean;
  readonly #since = monotonicNow();
  readonly #heartbeat: ReturnType<typeof startHeartbeat>;
  readonly tasks: Tasks;
  readonly #words = createThreadWords();
  readonly #gc: GcObserver;
  #requests: ReturnType<typeof followRequests> | undefined;
  readonly #budget: Budget | undefined;
  readonly #undo: (() => void)[] = [];
  /** Our end of the channel to the present agent thread. */
  #port: MessagePort | undefined;

  constructor(parts: ThreadProbesParts) {
    const { stallThresholdMs, request, context, sampled, noHooks } = parts;
    this.#context = context;
    this.#heartbeat = startHeartbeat(stallThresholdMs, parts.heartbeatFactor);
    this.#gc = new GcObserver(this.#send, () => this.failures.count('gc'), this.own);
    this.#requests = request ? followRequests(this.own) : undefined;
    const requestCount = countRequests(this.#words, this.own);
    this.tasks = new Tasks({
      level: parts.tasks,
      promises: parts.taskPromises,
      send: this.#send,
      failed: (part, times) => this.failures.count(part, times),
      refused: parts.refused,
      ...(noHooks !== undefined && { abilities: { ...taskAbilities(), noHooks } }),
    });
    this.#budget = this.#createBudget(parts);
    const listenerWarnings = countListenerWarnings();
    this.#undo.push(
      () => this.tasks.stop(),
      listenerWarnings.stop,
      () => this.#heartbeat.stop(),
      () => this.#gc.stop(),
      () => this.#requests?.stop(),
      () => requestCount.stop(),
      tellFirstTurn(this.#send),
      startSampler({
        utilization: this.utilization,
        send: (message) => {
          sampled();
          this.#gc.flush();
          requestCount.sweep();
          this.#send(message);
          this.#budget?.sampled(message.at, this.own.totalMs);
        },
        own: this.own,
        limited: () => this.#budget?.off ?? [],
        tasks: () => {
          this.own.set('tasks', this.tasks.spentMs);
          return this.tasks.sample();
        },
        listenerWarnings: listenerWarnings.count,
        takeFailures: () => this.failures.take(),
        failed: (part) => this.failures.count(part),
      }),
    );
  }

  #createBudget({ budget, dearest = [], limited = () => {} }: ThreadProbesParts): Budget | undefined {
    if (budget === undefined) {
      return undefined;
    }
    const reason = 'Loopscope took more of this thread than its budget';
    return new Budget({
      share: budget,
      limited,
      steps: [
        ...dearest,
        {
          feature: 'tasks',
          inUse: () => this.tasks.level === 'counts' || this.tasks.level === 'census',
          switchOff: () => this.tasks.limit(reason),
        },
        {
          feature: 'request',
          inUse: () => this.#requests !== undefined,
          switchOff: () => {
            this.#requests?.stop();
            this.#requests = undefined;
          },
        },
      ],
    });
  }

  /** What this thread joins an agent thread with; its `port` is to be transferred. */
  open(thread: ThreadIdentity): ThreadJoin {
    const taskId = readTaskId();
    const { port1, port2 } = new MessageChannel();
    // Never listened to, only written: it keeps nothing alive.
    this.#port?.close();
    this.#port = port1;
    return {
      version: wireVersion,
      kind: 'join',
      thread,
      heartbeat: this.#heartbeat.histogram,
      heartbeatMs: this.#heartbeat.intervalMs,
      since: this.#since,
      ...(taskId !== undefined && { taskId }),
      words: this.#words,
      port: port2,
      inspectorOpen: startedUnderInspector(),
      captures: mayCapture(),
      sourceMaps: process.sourceMapsEnabled,
      ownScript: import.meta.url,
      tasks: this.tasks.abilities,
    };
  }

  get overloaded(): boolean {
    return overloaded(this.#words);
  }

  shed(reasons?: ReadonlySet<OverloadReason>): OverloadReason | undefined {
    return shed(this.#words, reasons);
  }

  send(message: ThreadMessage): void {
    this.#send(message);
  }

  // A field and not a method: the probes hold it. False where there is no agent thread yet.
  readonly #send = (message: ThreadMessage): boolean => {
    if (this.#port === undefined) {
      return false;
    }
    postMessage(this.#port, message);
    return true;
  };

  probe(id: number): void {
    this.own.measure('capture', () => answerCapture(id, this.#probeParts()));
  }

  position(file: string, line: number, column: number): void {
    answerPosition({ file, line, column }, this.#probeParts());
  }

  #probeParts(): Parameters<typeof answerCapture>[1] {
    return {
      utilization: this.utilization,
      requests: this.#requests,
      context: this.#context,
      send: this.#send,
      failed: (part) => this.failures.count(part),
    };
  }

  /** Sends what has been gathered and not sent. */
  flush(): void {
    this.#gc.flush();
  }

  stop(): void {
    for (const undo of this.#undo.splice(0).reverse()) {
      undo();
    }
  }

  /** After the agent thread's end: what the probes said at their stop was still for it. */
  close(): void {
    this.#port?.close();
  }
}

// Linux only; there `/proc/thread-self` is a link to `<process>/task/<thread>`.
function readTaskId(): number | undefined {
  try {
    const taskId = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    return Number.isSafeInteger(taskId) ? taskId : undefined;
  } catch {
    return undefined;
  }
}
