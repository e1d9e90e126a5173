// Healthy requests, a few in flight at a time.
import { Agent, request } from 'node:http';
import { setTimeout as pass } from 'node:timers/promises';

export interface SteadyLoad {
  /** Path of the request with this number. */
  readonly path: (turn: number) => string;
  readonly inFlight: number;
  /** Between an answer and the next request in its place; none by default. */
  readonly pauseMs?: number;
}

/** Asks until the promise is settled, and gives what it gives; fails as soon as a request does. */
export async function loadUntil<Told>(
  url: string,
  { path, inFlight, pauseMs = 0 }: SteadyLoad,
  told: Promise<Told>,
): Promise<Told> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  let stopped = false;
  let turn = 0;
  const ask = async (): Promise<never> => {
    while (!stopped) {
      turn += 1;
      await askOnce(new URL(path(turn), url), agent);
      if (pauseMs > 0) {
        await pass(pauseMs);
      }
    }
    return await new Promise(() => {});
  };
  try {
    return await Promise.race([told, ...Array.from({ length: inFlight }, ask)]);
  } finally {
    stopped = true;
    agent.destroy();
  }
}

function askOnce(url: URL, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      response.resume().once('end', resolve).once('error', reject);
    })
      .once('error', reject)
      .end();
  });
}
