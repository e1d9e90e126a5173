// Starts the agent thread and keeps it up: a crash is contained, restarted with backoff three times
// in ten minutes, and then left off. The worker is unref'd from its first moment and its `error` is
// always listened to, since an unheard one would end the application.
import type { Worker } from 'node:worker_threads';
import { builtin } from '../shared/builtin.ts';
import { monotonicNow } from '../shared/clock.ts';
import {
  type AgentMessage,
  type AgentWorkerData,
  type ControlMessage,
  isAgentMessage,
} from '../shared/messages.ts';
import { applicationEnvironment } from './application-environment.ts';

const restartsAllowed = 3;
const restartWindowMs = 600_000;
const firstBackoffMs = 1000;
// Young generation in megabytes: without it the old generation's limit does not hold.
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 };

const { setTimeout, clearTimeout } = builtin('node:timers');
const { Worker: NodeWorker } = builtin('node:worker_threads');

/** What the agent may see of the environment: OpenTelemetry's, the system's certificates and resolver, the pool's size. */
const passedOn =
  /^(OTEL_|NODE_EXTRA_CA_CERTS$|NODE_TLS_REJECT_UNAUTHORIZED$|SSL_CERT_|TZ$|HOSTALIASES$|LOCALDOMAIN$|RES_OPTIONS$|UV_THREADPOOL_SIZE$)/;

/** What a file of OpenTelemetry's may name: anything, but for what would change how the thread runs. */
const passedOnToFile = /^(?!NODE_)/;

function agentEnvironment(): Record<string, string | undefined> {
  const all = applicationEnvironment();
  const named = (all['OTEL_CONFIG_FILE'] ?? '') !== '';
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => passedOn.test(name) || (named && passedOnToFile.test(name))),
  );
}

export interface AgentWorkerParts {
  /** The bundled agent thread. */
  readonly script: string;
  readonly workerData: (start: number) => AgentWorkerData;
  /** Called for each new agent thread, to join the application's threads to it. */
  readonly joined: (
    post: (message: ControlMessage, transfer: readonly object[]) => void,
    threadId: number,
  ) => void;
  readonly received: (message: AgentMessage) => void;
  /** The agent thread has ended, whoever ended it. */
  readonly ended: () => void;
  /** No agent thread will be started any more. */
  readonly givenUp: () => void;
  readonly debug: (line: string) => void;
}

type State = 'running' | 'backing-off' | 'stopped' | 'given-up';

export class AgentWorker {
  readonly #parts: AgentWorkerParts;
  #worker: Worker | undefined;
  #state: State = 'stopped';
  #starts = 0;
  /** Moments of the restarts within the window. */
  #restarts: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: AgentWorkerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#starts += 1;
    this.#state = 'running';
    try {
      this.#spawn();
    } catch (error) {
      // No threads to be had, or none allowed.
      this.#failed(error);
    }
  }

  #spawn(): void {
    const worker = new NodeWorker(this.#parts.script, {
      name: 'loopscope',
      // Both cleared: either would run the application's preloads, ours among them, in the agent.
      execArgv: [],
      env: agentEnvironment(),
      argv: [],
      // Not piped into the application's: that would create its process.stdout and load node:net.
      stdout: true,
      stderr: true,
      trackUnmanagedFds: false,
      resourceLimits,
      workerData: this.#parts.workerData(this.#starts),
    });
    this.#worker = worker;
    worker.on('error', (error) => this.#parts.debug(`agent thread: ${String(error)}`));
    worker.on('message', (message: unknown) => {
      if (isAgentMessage(message)) {
        this.#parts.received(message);
      } else {
        this.#parts.debug('agent thread: malformed message');
      }
    });
    worker.on('exit', () => {
      this.#parts.ended();
      if (this.#worker === worker) {
        this.#failed(new Error('the agent thread ended'));
      }
    });
    worker.unref();
    this.#parts.joined(
      (message, transfer) => worker.postMessage(message, transfer as ArrayBuffer[]),
      worker.threadId,
    );
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  post(message: ControlMessage): void {
    this.#worker?.postMessage(message);
  }

  #failed(error: unknown): void {
    this.#worker = undefined;
    if (this.#state !== 'running') {
      return;
    }
    const now = monotonicNow();
    this.#restarts = this.#restarts.filter((moment) => now - moment < restartWindowMs);
    if (this.#restarts.length >= restartsAllowed) {
      this.#state = 'given-up';
      this.#parts.givenUp();
      this.#parts.debug(`agent stays off after ${restartsAllowed} restarts: ${String(error)}`);
      return;
    }
    const backoffMs = firstBackoffMs * 4 ** this.#restarts.length;
    this.#restarts.push(now);
    this.#state = 'backing-off';
    this.#parts.debug(`agent starts again in ${backoffMs} ms: ${String(error)}`);
    this.#timer = setTimeout(() => this.start(), backoffMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    // Whoever awaits this must not find the process ended meanwhile.
    worker?.ref();
    await worker?.terminate();
  }
}
