// Asks an endpoint at a fixed pace whatever has become of the earlier requests, so that a slow answer
// can't hide the ones behind it.
import { Agent, get } from 'node:http';
import { sharedNow } from '../harness/clock.ts';

export interface Answer {
  readonly path: string;
  /** Both on the clock that all processes share; the request counts from before its connection. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  readonly body: string;
}

export interface PollerOptions {
  readonly url: string;
  readonly everyMs: number;
  /** As a Prometheus does; without, each request makes its own connection, as a kubelet does. */
  readonly keepsConnections: boolean;
}

/** Starts to ask; the function returned ends it and resolves with all answers. */
export function startPolling(targets: readonly PollerOptions[]): () => Promise<readonly Answer[]> {
  const stops = targets.map(pollOne);
  return async () => (await Promise.all(stops.map((stop) => stop()))).flat();
}

function pollOne({ url, everyMs, keepsConnections }: PollerOptions): () => Promise<readonly Answer[]> {
  const agent = new Agent({ keepAlive: keepsConnections });
  const answers: Promise<Answer>[] = [];
  const timer = setInterval(() => answers.push(ask(url, agent)), everyMs);
  return async () => {
    clearInterval(timer);
    const all = await Promise.all(answers);
    agent.destroy();
    return all;
  };
}

function ask(url: string, agent: Agent): Promise<Answer> {
  const { pathname: path } = new URL(url);
  const askedAt = sharedNow();
  return new Promise((resolve) => {
    const end = (status: number | undefined, body: string): void =>
      resolve({ path, askedAt, answeredAt: sharedNow(), status, body });
    const request = get(url, { agent, timeout: 2_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => end(response.statusCode, body));
      response.on('error', () => end(undefined, body));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', (error) => end(undefined, String(error)));
  });
}
