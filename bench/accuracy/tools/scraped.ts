// Clients that keep the largest delay since they were last asked, and are asked at intervals, as Prometheus
// does. They report what they have: at most one block for each time that they are asked.
import { setTimeout as pass } from 'node:timers/promises';
import { freePort } from '../../../test/harness/app.ts';
import { until } from '../../../test/harness/until.ts';
import { sharedNow } from '../../harness/clock.ts';
import { benchFile } from '../../harness/variant.ts';
import type { Report } from '../truth.ts';
import type { Tool, Watch } from './tool.ts';

interface Client {
  readonly name: string;
  readonly preload: string;
  /** In seconds. */
  readonly maximum: string;
}

const clients: readonly Client[] = [
  { name: 'prom-client', preload: 'prom-client.mjs', maximum: 'nodejs_eventloop_lag_max_seconds' },
  { name: 'runtime-node', preload: 'runtime-node.mjs', maximum: 'nodejs_eventloop_delay_max' },
];

/** Each client, asked each second and each 15 seconds. */
export const scrapedTools: readonly Tool[] = clients.flatMap((client) =>
  [1, 15].map((seconds) => scrapedTool(client, seconds)),
);

function scrapedTool({ name, preload, maximum }: Client, seconds: number): Tool {
  return {
    name: `${name}, ${seconds} s`,
    gives: ['duration'],
    prepare: async ({ thresholdMs }) => {
      const port = await freePort();
      const ask = (): Promise<number> => askMaximum(`http://127.0.0.1:${port}/metrics`, maximum);
      return {
        variant: {
          name,
          args: ['--import', benchFile(`peers/${preload}`)],
          env: { PEER_PORT: String(port) },
        },
        watch: async () => {
          await until(`${name} answers`, ask);
          return watchMaximum(ask, seconds * 1_000, thresholdMs);
        },
        [Symbol.asyncDispose]: async () => {},
      };
    },
  };
}

function watchMaximum(ask: () => Promise<number>, everyMs: number, thresholdMs: number): Watch {
  const reports: Report[] = [];
  const stopped = new AbortController();
  let askedAt = sharedNow();
  const scrape = async (): Promise<void> => {
    const durationMs = (await ask()) * 1_000;
    const at = sharedNow();
    if (durationMs >= thresholdMs) {
      const span = { start: askedAt, end: at };
      reports.push({ thread: 0, reportedAt: at, span, exact: false, durationMs });
    }
    askedAt = at;
  };
  const loop = (async (): Promise<void> => {
    for (let turn = 1, start = sharedNow(); !stopped.signal.aborted; turn += 1) {
      const rest = start + turn * everyMs - sharedNow();
      await pass(Math.max(0, rest), undefined, { signal: stopped.signal }).catch(() => {});
      await scrape();
    }
  })();
  return {
    beginning: () => {},
    finish: async () => {
      stopped.abort();
      await loop;
      return reports;
    },
  };
}

// A line alone: not all that these clients write can be read by a strict parser.
async function askMaximum(url: string, name: string): Promise<number> {
  const text = await (await fetch(url)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `) || each.startsWith(`${name}{`));
  return Number(line?.split(' ').at(-1));
}
