// All that may end the runner, as one abort signal: signals, a reader that went away, a child's end.
import { constants } from 'node:os';
import type { Child } from './child.ts';
import { DemoError } from './service.ts';

/** Somebody asked the runner to end. */
export class StopRequested extends Error {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }

  /** As a shell tells of a process that a signal ended. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}

export interface StopWatch {
  readonly signal: AbortSignal;
  /** Aborts, with an explanation, when a child ends that should not. */
  whenEnded(child: Child, name: string): void;
  /** Called before the children are stopped: their ends are no news from then on. */
  release(): void;
}

/** Watches for signals. A second one ends the children, and the runner, at once. */
export function watchForStop(): StopWatch {
  const controller = new AbortController();
  const children: Child[] = [];
  let released = false;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        for (const child of children) {
          child.kill();
        }
        process.exit(new StopRequested(name).exitCode);
      }
      controller.abort(new StopRequested(name));
    });
  }
  process.stdout.on('error', () => controller.abort(new StopRequested('SIGPIPE')));
  return {
    signal: controller.signal,
    whenEnded(child, name) {
      children.push(child);
      void child.exited.then((how) => {
        if (!released) {
          controller.abort(new DemoError(`${name} ${how}.`));
        }
      });
    },
    release() {
      released = true;
    },
  };
}
