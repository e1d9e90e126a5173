// A server as a child in a process group of its own: Ctrl-C reaches us alone, and we end it in order.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const readyTimeoutMs = 30_000;
const graceMs = 5_000;
const lastOutputLength = 4_000;

export class ServerProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #name: string;
  #lastOutput = '';

  constructor(program: string, args: readonly string[]) {
    this.#name = program;
    this.#process = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#lastOutput = (this.#lastOutput + chunk).slice(-lastOutputLength);
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#process.once('error', () => resolve());
      this.#process.once('close', () => resolve());
    });
    process.once('exit', this.kill);
  }

  /** Resolves when the address answers; rejects with what the server said where it ends before. */
  async ready(url: string): Promise<void> {
    let ended = false;
    void this.#ended.then(() => {
      ended = true;
    });
    const until = performance.now() + readyTimeoutMs;
    for (;;) {
      const answer = await fetch(url).catch(() => undefined);
      if (answer?.ok === true) {
        return;
      }
      if (ended || performance.now() > until) {
        await this.stop();
        throw new Error(`${this.#name} did not get ready: ${this.#lastOutput}`);
      }
      await delay(50);
    }
  }

  /** Ends it at once, without waiting. */
  readonly kill = (): void => {
    this.#process.kill('SIGKILL');
  };

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    const killer = setTimeout(this.kill, graceMs);
    await this.#ended;
    clearTimeout(killer);
    process.off('exit', this.kill);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
