// Clients that ask whether or not they are answered, as those of a public service do: so many a second, each of which
// gives up after a time. They come through a proxy, which keeps a pool of connections and queues what finds none free.
import { Agent, request } from 'node:http';

/** Of the proxy to the server. */
const connections = 300;

export interface Outcome {
  /** Milliseconds of answers with 200, in the order of their coming. */
  readonly servedMs: readonly number[];
  /** Answers with 503. */
  readonly refused: number;
  /** Requests that were given up, or whose connection broke. */
  readonly lost: number;
}

export interface OpenLoop {
  readonly url: string;
  readonly perSecond: number;
  readonly forMs: number;
  readonly patienceMs: number;
}

/** Resolves when the last of them has been answered or has given up. */
export async function askOpenLoop({ url, perSecond, forMs, patienceMs }: OpenLoop): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
  let servedMs: number[] = [];
  let refused = 0;
  let lost = 0;
  const asked: Promise<void>[] = [];
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      const start = performance.now();
      const call = request(url, { agent, signal: AbortSignal.timeout(patienceMs) }, (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) {
            servedMs.push(performance.now() - start);
          } else {
            refused += 1;
          }
          resolve();
        });
        response.on('error', resolve);
      });
      call.on('error', () => {
        lost += 1;
        resolve();
      });
      call.end();
    });
  // Opening them takes turns of the server's loop: it is over before what counts.
  await Promise.all(Array.from({ length: connections }, ask));
  servedMs = [];
  refused = 0;
  lost = 0;
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - start;
      while (asked.length < (Math.min(elapsedMs, forMs) * perSecond) / 1000) {
        asked.push(ask());
      }
      if (elapsedMs >= forMs) {
        clearInterval(timer);
        resolve();
      }
    }, 5);
  });
  await Promise.all(asked);
  agent.destroy();
  return { servedMs, refused, lost };
}
