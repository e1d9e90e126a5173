// The stalls that an endpoint lists. A busy machine makes stalls of its own, at the start above all,
// so a test asks for those in which its own function was on the stack.
import type { Stall } from '@loopscope/sdk/telemetry';
import { ask, type Metrics, scrape } from './scrape.ts';
import { until } from './until.ts';

/** All listed stalls, newest first. */
export async function fetchStalls(url: string): Promise<readonly Stall[]> {
  const response = await ask(url, '/stalls');
  if (response.status !== 200) {
    throw new Error(`/stalls answered ${response.status}`);
  }
  const { stalls } = (await response.json()) as { stalls: readonly Stall[] };
  return stalls;
}

function shows(stall: Stall, functionName: string): boolean {
  return stall.captures.some(({ frames }) => frames.some((frame) => frame.function === functionName));
}

/** Listed stalls with a function on their stack. */
export async function stallsOf(url: string, functionName: string): Promise<readonly Stall[]> {
  return (await fetchStalls(url)).filter((stall) => shows(stall, functionName));
}

/** Waits for a listed stall that answers to a description; shows what there is when none comes. */
export function stallWhere(url: string, what: string, matches: (stall: Stall) => boolean): Promise<Stall> {
  return until(what, async () => {
    const stalls = await fetchStalls(url);
    const found = stalls.find(matches);
    if (found === undefined) {
      throw new Error(`listed: ${JSON.stringify(stalls)}`);
    }
    return found;
  });
}

/** Waits until no stall is open and the metrics count all that are listed but those under a debugger. */
export function stallsOnceCounted(url: string): Promise<{ stalls: readonly Stall[]; metrics: Metrics }> {
  return until('the stalls that are listed are counted', async () => {
    const [stalls, metrics] = [await fetchStalls(url), await scrape(url)];
    const counted = metrics.sum('loopscope_eventloop_stall_duration_seconds_count') ?? 0;
    const counting = stalls.filter(({ inspectorOpen }) => !inspectorOpen);
    if (counted !== counting.length || stalls.some(({ state }) => state === 'open')) {
      throw new Error(`${counted} counted; listed: ${JSON.stringify(stalls)}`);
    }
    return { stalls, metrics };
  });
}

/** Waits for a stall with a function on its stack, in a state. */
export function stallOf(url: string, functionName: string, state: Stall['state']): Promise<Stall> {
  return stallWhere(
    url,
    `a stall of ${functionName} is ${state}`,
    (stall) => stall.state === state && shows(stall, functionName),
  );
}
