// Each kind of block is seen while it lasts, named, and timed: on a real process, from outside.
import type { Cause } from '@loopscope/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../harness/app.ts';
import { fixture, linesOf } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { ask, scrape } from '../harness/scrape.ts';
import { fetchStalls, stallOf, stallsOf, stallsOnceCounted, stallWhere } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

interface Kind {
  readonly kind: string;
  readonly culprit: string;
  /** Whether it is native, so that its stack can only be taken as the call returns. */
  readonly native: boolean;
  readonly cause: Cause;
}

const kinds: readonly Kind[] = [
  { kind: 'cpu-loop', culprit: 'priceOrders', native: false, cause: 'cpu' },
  { kind: 'deep-recursion', culprit: 'countDescendants', native: false, cause: 'cpu' },
  { kind: 'regular-expression', culprit: 'validateName', native: false, cause: 'cpu' },
  { kind: 'sort-comparator', culprit: 'compareWords', native: false, cause: 'cpu' },
  { kind: 'atomics-wait', culprit: 'takeLock', native: false, cause: 'sync-io' },
  { kind: 'next-tick', culprit: 'drainQueue', native: false, cause: 'microtasks' },
  { kind: 'promise', culprit: 'applyEvent', native: false, cause: 'microtasks' },
  { kind: 'gc-pressure', culprit: 'buildReport', native: false, cause: 'gc' },
  { kind: 'json-parse', culprit: 'readCatalogue', native: true, cause: 'cpu' },
  { kind: 'pbkdf2-sync', culprit: 'hashPassword', native: true, cause: 'cpu' },
  { kind: 'fs-sync', culprit: 'spoolOrders', native: false, cause: 'sync-io' },
  { kind: 'after-await', culprit: 'priceBasket', native: false, cause: 'cpu' },
  { kind: 'exec-sync', culprit: 'convertImage', native: true, cause: 'sync-io' },
];

const blockMs = 600;
const tolerance = (durationMs: number): number => Math.max(30, durationMs * 0.15);

interface Measured {
  readonly startedAt: number;
  readonly durationMs: number;
}

describe.each(supportedNodes)('on Node $name', (node) => {
  let app: App;
  beforeAll(async () => {
    app = await startApp({ node, args: [fixture('blocks/app.mjs')] });
  });
  afterAll(() => app.kill());

  test.each(kinds)('$kind is seen while it blocks, and named', async ({ kind, culprit, native, cause }) => {
    const earlier = new Set((await fetchStalls(app.url)).map(({ id }) => id));
    app.tell(`${kind} ${blockMs}`);

    // A stack can't be taken of some before they end; a stall of their age is no noise of the machine.
    const open = native
      ? await stallWhere(app.url, 'it is open', ({ id, state, durationMs }) => {
          return state === 'open' && durationMs > blockMs / 3 && !earlier.has(id);
        })
      : await stallOf(app.url, culprit, 'open');
    const [metrics, livez] = await Promise.all([scrape(app.url), ask(app.url, '/livez')]);
    const age = metrics.sum('loopscope_eventloop_stall_age_seconds') ?? 0;
    expect(age).toBeGreaterThan(0);
    expect(metrics.sum('loopscope_eventloop_stall_active')).toBe(1);
    expect(livez.status).toBe(200);
    await until('its age rises', async () => {
      const later = (await scrape(app.url)).sum('loopscope_eventloop_stall_age_seconds') ?? 0;
      return later > age;
    });
    const [line] = await app.printed(new RegExp(`^.*"kind":"${kind}".*$`, 'm'));
    const measured = JSON.parse(line) as Measured;
    const closed = await stallWhere(
      app.url,
      'it is closed',
      ({ id, state }) => id === open.id && state === 'closed',
    );
    const file = fixture(`blocks/${kind}.mjs`);
    expect(closed).toMatchObject({
      thread: { id: 0, name: 'main' },
      phase: 'running',
      inspectorOpen: false,
      culprit: { function: culprit, file },
    });
    expect(linesOf(file, culprit)).toContain(closed.culprit?.line);
    // A virtual machine may be held up for a moment, which is taken out.
    const lastedMs = closed.durationMs + closed.suspendedMs;
    expect(Math.abs(lastedMs - measured.durationMs)).toBeLessThan(tolerance(measured.durationMs));
    expect(Math.abs(closed.startedAt - measured.startedAt)).toBeLessThan(tolerance(measured.durationMs));
    // A busy machine may have kept it from its CPU for most of the time: then that is the cause.
    const starved = (closed.evidence.waitMs ?? 0) > closed.durationMs / 2;
    expect(closed.cause, JSON.stringify(closed.evidence)).toBe(starved ? 'starved' : cause);
    const named = await stallsOf(app.url, culprit);
    expect(named.map(({ id }) => id)).toEqual([closed.id]);
  });

  // The stack is taken again at certain ages. Where a block ends at just that age, the answer comes
  // from the code that follows, which must not get the blame.
  test.each([200, 400, 200, 400, 400])('a block of %i ms is blamed on what blocked', async (durationMs) => {
    const earlier = new Set((await fetchStalls(app.url)).map(({ id }) => id));
    app.tell(`cpu-loop ${durationMs}`);
    const closed = await stallWhere(app.url, 'it is closed', ({ id, state, durationMs: lasted }) => {
      return state === 'closed' && !earlier.has(id) && lasted > durationMs * 0.8;
    });
    expect(closed.culprit).toMatchObject({ function: 'priceOrders', file: fixture('blocks/cpu-loop.mjs') });
  });

  test('every stall was counted once, and none is left open', async () => {
    const { stalls, metrics } = await stallsOnceCounted(app.url);
    expect(new Set(stalls.map(({ id }) => id)).size).toBe(stalls.length);
    const running = stalls.filter(({ phase }) => phase === 'running');
    const labels = { phase: 'running', thread: 'main' };
    expect(metrics.sum('loopscope_eventloop_stall_duration_seconds_count', labels)).toBe(running.length);
    const totalSeconds = running.reduce((total, { durationMs }) => total + durationMs / 1_000, 0);
    expect(metrics.sum('loopscope_eventloop_stall_duration_seconds_sum', labels)).toBeCloseTo(
      totalSeconds,
      2,
    );
    expect(metrics.sum('loopscope_eventloop_stall_time_seconds_total', labels)).toBeCloseTo(totalSeconds, 2);
    expect(metrics.sum('loopscope_eventloop_stall_active')).toBe(0);
    expect(metrics.sum('loopscope_eventloop_stall_age_seconds')).toBe(0);
  });
});
