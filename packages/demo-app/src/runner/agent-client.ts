// The runner's view of Loopscope's endpoint: it is asked over HTTP, like any monitoring would, and
// answers while the service's loop is blocked.
import type { Stall } from '@loopscope/sdk/telemetry';

/** One look at the endpoint. */
export interface Look {
  /** Unix milliseconds at which the answer was there. */
  readonly at: number;
  readonly stalls: readonly Stall[];
  readonly livezStatus: number;
  readonly livezMs: number;
}

const answerTimeoutMs = 2_000;

export class AgentClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, token: string | undefined) {
    this.#url = url;
    this.#headers = token ? { authorization: `Bearer ${token}` } : {};
  }

  /** Rejects where the endpoint does not answer, or not in its own form. */
  async look(): Promise<Look> {
    const start = performance.now();
    const livez = this.#get('/livez').then(async (response) => {
      await response.text();
      return { livezStatus: response.status, livezMs: performance.now() - start };
    });
    const stalls = this.#get('/stalls').then(async (response) => {
      const body = response.ok ? ((await response.json()) as { stalls?: unknown }) : await response.text();
      if (typeof body === 'string' || !Array.isArray(body.stalls)) {
        throw new Error(`${this.#url}/stalls answered ${response.status} without a list of stalls`);
      }
      return body.stalls as Stall[];
    });
    const [health, list] = await Promise.all([livez, stalls]);
    return { at: Date.now(), stalls: list, ...health };
  }

  async #get(path: string): Promise<Response> {
    const url = `${this.#url}${path}`;
    try {
      return await fetch(url, { headers: this.#headers, signal: AbortSignal.timeout(answerTimeoutMs) });
    } catch (error) {
      // What fetch says itself is only that it failed.
      const cause = (error as Error).cause ?? error;
      throw new Error(`GET ${url}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}
