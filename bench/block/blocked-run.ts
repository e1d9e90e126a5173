// One application, blocked once while it is asked and scraped, and what was seen of it from outside.
import { until } from '../../test/harness/until.ts';
import { sharedNow } from '../harness/clock.ts';
import type { RunningProcess } from '../harness/running-process.ts';
import { type Answer, startPolling } from './poller.ts';
import type { Prometheus, StoredSample } from './prometheus.ts';
import { type StarvationSample, watchStarvation } from './starvation.ts';

export const ageMetric = 'loopscope_eventloop_stall_age_seconds';

export interface BlockedRun {
  /** True start and end of the block, on the clock that all processes share. */
  readonly start: number;
  readonly end: number;
  /** Those asked for while it lasted. */
  readonly answers: readonly Answer[];
  readonly starvation: readonly StarvationSample[];
  /** What Prometheus stored of the age while the block lasted. */
  readonly scraped: readonly StoredSample[] | undefined;
}

const everyMs = 20;

export interface BlockOptions {
  readonly running: RunningProcess;
  readonly url: string;
  readonly durationMs: number;
  readonly prometheus: Prometheus | undefined;
}

export async function blockOnce(options: BlockOptions): Promise<BlockedRun> {
  const { running, url, durationMs, prometheus } = options;
  const selector = `${ageMetric}{instance="${new URL(url).host}"}`;
  if (prometheus !== undefined) {
    const found = async (): Promise<boolean> => (await prometheus.samples(selector)).length > 0;
    await until('Prometheus has scraped the idle application', found, { capMs: 20_000, everyMs: 100 });
  }
  const stopWatching = watchStarvation(running.pid, everyMs);
  const stopPolling = startPolling([
    { url: `${url}/metrics`, everyMs, keepsConnections: true },
    { url: `${url}/livez`, everyMs, keepsConnections: false },
  ]);
  running.tell(String(durationMs));
  const { match } = await running.printed(/^\{"start".*/);
  const { start, end } = JSON.parse(match[0]) as { start: number; end: number };
  const answers = await stopPolling();
  const starvation = stopWatching();
  return {
    start,
    end,
    answers: answers.filter(({ askedAt }) => askedAt >= start && askedAt < end),
    starvation,
    scraped: prometheus && (await scrapedBetween(prometheus, selector, wallSeconds(start), wallSeconds(end))),
  };
}

// Prometheus dates a scrape by its start, and stores it when the answer has come.
async function scrapedBetween(
  prometheus: Prometheus,
  selector: string,
  start: number,
  end: number,
): Promise<readonly StoredSample[]> {
  const all = await until('Prometheus has scraped the application after its block', async () => {
    const [samples = []] = await prometheus.samples(selector);
    return samples.some(({ time }) => time > end) && samples;
  });
  return all.filter(({ time }) => time >= start && time < end);
}

function wallSeconds(sharedTime: number): number {
  return (Date.now() - (sharedNow() - sharedTime)) / 1_000;
}
