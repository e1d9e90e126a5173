// A process under measurement that runs until it is told to end, and what the system says of it. It
// is read from outside only, so that the reading costs it nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { NodeRelease } from '../../test/harness/nodes.ts';
import { endsWithUs } from './children.ts';
import { environmentOf, type Variant } from './variant.ts';

export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** Milliseconds of `performance.now()`, right before it was started. */
  readonly spawnedAt: number;
  /** Waits for a line, on either output, that matches; its time is that of its arrival. */
  readonly printed: (pattern: RegExp, options?: { readonly capMs?: number }) => Promise<Printed>;
  /** As `printed`, for a line that has not been there before. */
  readonly printedNext: (pattern: RegExp) => Promise<Printed>;
  /** Is told every line from now on. */
  readonly eachLine: (listener: (text: string) => void) => void;
  /** Writes a line to its standard input. */
  readonly tell: (line: string) => void;
}

export interface Printed {
  readonly match: RegExpExecArray;
  readonly at: number;
}

export interface Launch {
  readonly node: NodeRelease;
  readonly variant: Variant;
  /** After the variant's own preload. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const usualCapMs = 30_000;

/** Starts a process. It is gone when the scope that holds it ends. */
export function launch({ node, variant, args, env, cwd }: Launch): RunningProcess {
  const spawnedAt = performance.now();
  const child = spawn(node.path, [...variant.args, ...args], {
    cwd,
    env: { ...environmentOf(variant), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  endsWithUs(child);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const output = new Output(child);
  return {
    pid: child.pid ?? 0,
    spawnedAt,
    printed: (pattern, options) => output.wait(pattern, 0, options?.capMs),
    printedNext: (pattern) => output.wait(pattern, output.length),
    eachLine: (listener) => output.listeners.add(listener),
    tell: (line) => child.stdin.write(`${line}\n`),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

class Output {
  readonly #lines: { readonly text: string; readonly at: number }[] = [];
  readonly #waiting = new Set<() => void>();
  readonly listeners = new Set<(text: string) => void>();
  #closed = false;

  constructor(child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const at = performance.now();
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        this.#lines.push(...lines.map((text) => ({ text, at })));
        for (const listener of this.listeners) {
          for (const text of lines) {
            listener(text);
          }
        }
        this.#changed();
      });
    }
    child.once('close', () => {
      this.#closed = true;
      this.#changed();
    });
  }

  #changed(): void {
    for (const look of this.#waiting) {
      look();
    }
  }

  get length(): number {
    return this.#lines.length;
  }

  /** Waits for a matching line, from the given one on. */
  wait(pattern: RegExp, from: number, capMs = usualCapMs): Promise<Printed> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      const fail = (): void => {
        const printed = this.#lines.map(({ text }) => text).join('\n');
        done(() =>
          reject(new Error(`a process under measurement did not print ${pattern}, but: ${printed}`)),
        );
      };
      const look = (): void => {
        for (const { text, at } of this.#lines.slice(from)) {
          const match = pattern.exec(text);
          if (match !== null) {
            done(() => resolve({ match, at }));
            return;
          }
        }
        if (this.#closed) {
          fail();
        }
      };
      const timer = setTimeout(fail, capMs);
      this.#waiting.add(look);
      look();
    });
  }
}

/** Resident memory in bytes. */
export function readResidentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

/** Nanoseconds for which each thread has run, by thread id; the main thread's is the process's. */
export function readRunTimes(pid: number): ReadonlyMap<number, number> {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  return new Map(
    threads.map((thread) => {
      const [ran] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
      return [thread, Number(ran)];
    }),
  );
}
