// Healthy requests, a few in flight at a time.
import { Agent, request } from 'node:http';
import { setTimeout as pass } from 'node:timers/promises';

export interface SteadyLoad {
  /** Path of the request with this number, from 1. */
  readonly path: (turn: number) => string;
  readonly inFlight: number;
  /** Between an answer and the next request in its place; none by default. */
  readonly pauseMs?: number;
}

/** Asks one application until it is stopped, and notes how long answers take. */
export class SteadyClient {
  readonly #url: string;
  readonly #load: SteadyLoad;
  readonly #agent: Agent;
  #stopped = false;
  #turn = 0;
  #asking: Promise<unknown> = Promise.resolve();
  latenciesMs: number[] = [];
  answered = 0;

  constructor(url: string, load: SteadyLoad) {
    this.#url = url;
    this.#load = load;
    this.#agent = new Agent({ keepAlive: true, maxSockets: load.inFlight });
  }

  /** Settles when the client has been stopped; rejects as soon as a request fails. */
  run(): Promise<unknown> {
    this.#asking = Promise.all(Array.from({ length: this.#load.inFlight }, () => this.#askOn()));
    return this.#asking;
  }

  /** The latencies so far. */
  forget(): void {
    this.latenciesMs = [];
  }

  /** Rejects where a request has failed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#asking;
    this.#agent.destroy();
  }

  /** Without waiting for what is in flight. */
  kill(): void {
    this.#stopped = true;
    this.#agent.destroy();
  }

  async #askOn(): Promise<void> {
    const { path, pauseMs = 0 } = this.#load;
    while (!this.#stopped) {
      this.#turn += 1;
      const began = performance.now();
      await this.#ask(path(this.#turn));
      this.latenciesMs.push(performance.now() - began);
      this.answered += 1;
      if (pauseMs > 0) {
        await pass(pauseMs);
      }
    }
  }

  #ask(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.#url), { agent: this.#agent }, (response) => {
        response.resume().once('end', resolve).once('error', reject);
      });
      asked.once('error', (error) => {
        if (asked.reusedSocket && !this.#stopped) {
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

/** Asks until the promise is settled, and gives what it gives; fails as soon as a request does. */
export async function loadUntil<Told>(url: string, load: SteadyLoad, told: Promise<Told>): Promise<Told> {
  const client = new SteadyClient(url, load);
  const failed = client.run().then(() => new Promise<never>(() => {}));
  try {
    return await Promise.race([told, failed]);
  } finally {
    client.kill();
    // What is cut off is nobody's failure.
    failed.catch(() => {});
  }
}
