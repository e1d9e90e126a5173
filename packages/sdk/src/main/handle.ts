import type { Alert } from '../shared/alert.ts';
import type { MetricsSnapshot } from '../shared/metrics-snapshot.ts';
import type { ExporterName } from '../shared/options.ts';
import type { OverloadReason } from '../shared/overload.ts';
import type { StallEvent } from '../shared/stall.ts';
import type { TaskChange, TaskLevel } from '../shared/tasks.ts';
import { collectionFailure } from './collecting.ts';
import { validateTaskChange } from './task-change.ts';

/** Whether an agent watches: `off` is final, with `reason`; `stopped` follows `stop()`. */
export type HandleState = 'running' | 'stopped' | 'off';

/** What `start()` returns: one owner's hold on the process's agent. */
export interface LoopscopeHandle {
  /** Whether this hold is on a running agent. */
  readonly state: HandleState;
  /** Why there is no agent, where `state` is `off`. */
  readonly reason?: string;
  /** The ways out that the agent was asked for; none in a process without an agent. */
  readonly exporters: readonly ExporterName[];
  /** Address of the endpoint once it listens, such as `http://127.0.0.1:9465`; undefined in a worker thread. */
  readonly url: string | undefined;
  /**
   * Calls the listener for each stall: when it opens, when a stack arrives and when it closes. The
   * calls are made on the main thread, for the stalls of every thread, so those for its own come when it is
   * free again; a listener that is added in a worker thread is never called.
   * Returns its undo. A listener that throws is counted and does not disturb the application.
   */
  on(event: 'stall', listener: (event: StallEvent) => void): () => void;
  /**
   * Calls the listener for each alert of the option `alerts`: when it fires and when it is resolved.
   * Also on the main thread, so that a receiver outside is told first.
   */
  on(event: 'alert', listener: (alert: Alert) => void): () => void;
  /**
   * Looks at async tasks more or less closely from now on: `off`, `rate`, `counts`, or `census` for
   * some seconds. It holds for all owners. Does nothing where no agent runs.
   *
   * @throws TypeError with code `LOOPSCOPE_INVALID_OPTION`, naming the field and the value received;
   * Error with code `LOOPSCOPE_TASKS_UNAVAILABLE` where this Node can't do it without harm.
   */
  setTasks(level: TaskLevel, options?: Omit<TaskChange, 'level'>): void;
  /** Whether this thread has more to do than it can, and some of its requests should be refused. One read of memory. */
  readonly overloaded: boolean;
  /**
   * Whether this thread has more to do than it can, and the request in hand should be refused: the reason, or
   * undefined. Of a thread that is overloaded it names a share of the requests, as large as keeps the others quick; each that it
   * names is counted as `loopscope.overload.requests`. It costs one read of shared memory.
   *
   * @param reasons to refuse for; all by default.
   */
  shed(reasons?: ReadonlySet<OverloadReason>): OverloadReason | undefined;
  /**
   * Every metric as it is now, from the agent thread: the same values as `/metrics` and the OTLP push show.
   * Those who ask while an answer is under way share it. It keeps a process alive for 2 seconds at most.
   *
   * @throws Error with code `LOOPSCOPE_UNAVAILABLE`, by rejection: where no agent runs, in a worker thread,
   * after `stop()`, or where the agent does not answer within 2 seconds of a running loop.
   */
  collect(): Promise<MetricsSnapshot>;
  /** The text that `/metrics` answers, in the Prometheus text format 0.0.4; rejects as `collect()` does. */
  scrape(): Promise<string>;
  /** Gives up this hold; the agent stops with its last owner. Idempotent. */
  stop(): Promise<void>;
}

/** For a process in which no agent can or should run. */
export function handleOff(reason: string): LoopscopeHandle {
  return {
    state: 'off',
    reason,
    exporters: [],
    url: undefined,
    on: () => () => {},
    setTasks: (level, options) => void validateTaskChange(level, options),
    overloaded: false,
    shed: () => undefined,
    collect: () => Promise.reject(collectionFailure(reason)),
    scrape: () => Promise.reject(collectionFailure(reason)),
    stop: () => Promise.resolve(),
  };
}
