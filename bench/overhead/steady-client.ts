// A client that asks one application at a steady pace, and notes how long answers take.
import { Agent, request } from 'node:http';
import { setTimeout as pass } from 'node:timers/promises';

const inFlight = 4;
/** Between an answer and the next question in its place: some hundred requests a second in all. */
const pauseMs = 30;

export class SteadyClient {
  readonly #url: string;
  readonly #paths: readonly string[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  #stopped = false;
  #turn = 0;
  #asking: Promise<void>[] = [];
  latenciesMs: number[] = [];
  answered = 0;

  constructor(url: string, paths: readonly string[]) {
    this.#url = url;
    this.#paths = paths;
  }

  start(): void {
    this.#asking = Array.from({ length: inFlight }, () => this.#askOn());
  }

  /** The latencies so far. */
  forget(): void {
    this.latenciesMs = [];
  }

  /** Rejects where a request has failed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#asking);
    this.#agent.destroy();
  }

  async #askOn(): Promise<void> {
    while (!this.#stopped) {
      const path = this.#paths[this.#turn % this.#paths.length] ?? '/';
      this.#turn += 1;
      const began = performance.now();
      await this.#ask(path);
      this.latenciesMs.push(performance.now() - began);
      this.answered += 1;
      await pass(pauseMs);
    }
  }

  #ask(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.#url), { agent: this.#agent }, (response) => {
        response.resume().once('end', resolve).once('error', reject);
      });
      asked.once('error', (error) => {
        if (asked.reusedSocket) {
          // The server has closed a connection that it took for idle.
          this.#ask(path).then(resolve, reject);
        } else {
          reject(new Error(`${this.#url}${path}: ${error.message}`, { cause: error }));
        }
      });
      asked.end();
    });
  }
}
