// A child process of the runner, in a process group of its own: Ctrl-C reaches the runner alone, and
// the runner ends its children in order. Should the runner be killed, the channel's loss ends them.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Each line that the child writes, on either stream. */
  readonly onLine: (line: string) => void;
}

const graceMs = 3_000;

export class Child {
  readonly #process: ChildProcess;
  readonly #exited: Promise<string>;
  #running = true;

  constructor({ args, cwd, env, onLine }: ChildOptions) {
    this.#process = spawn(process.execPath, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream !== null) {
        createInterface({ input: stream }).on('line', onLine);
      }
    }
    this.#exited = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.#process.once('close', (code, signal) => {
        resolve(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
      });
    }).then((how) => {
      this.#running = false;
      return how as string;
    });
  }

  /** Resolves, in words, when the child has ended and its output was read. */
  get exited(): Promise<string> {
    return this.#exited;
  }

  get running(): boolean {
    return this.#running;
  }

  /** The child's first message of a kind; undefined if it ends without. */
  async message<Message extends { readonly kind: string }>(
    kind: Message['kind'],
  ): Promise<Message | undefined> {
    return await new Promise<Message | undefined>((resolve) => {
      this.#process.on('message', (message: Message) => {
        if (message.kind === kind) {
          resolve(message);
        }
      });
      void this.#exited.then(() => resolve(undefined));
    });
  }

  /** Asks the child to end, and kills it where it does not within the grace period. */
  async stop(): Promise<void> {
    if (!this.#running) {
      return;
    }
    this.#process.kill('SIGTERM');
    const killer = setTimeout(() => this.#process.kill('SIGKILL'), graceMs);
    await this.#exited;
    clearTimeout(killer);
  }

  /** Ends the child at once. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
