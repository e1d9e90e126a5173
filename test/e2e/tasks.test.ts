// Async tasks as a user meets them: the levels, a census, a leak that is named with its place; and what
// the hook must never do to the application.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type App, startApp } from '../harness/app.ts';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { type NodeRelease, oldestSupportedNodes, supportedNodes } from '../harness/nodes.ts';
import { byImport, type Preload } from '../harness/preload.ts';
import { run } from '../harness/run.ts';
import { ask, scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

interface Site {
  readonly type: string;
  readonly function: string;
  readonly file: string;
  readonly survived: number;
}

interface Tasks {
  readonly threads: readonly {
    readonly level: string;
    readonly counts?: readonly { readonly type: string; readonly live: number }[];
    readonly census?: { readonly state: string; readonly sites: readonly Site[] };
  }[];
  readonly leaks: readonly {
    readonly kind: string;
    readonly type: string;
    readonly census: string;
    readonly sites: readonly Site[];
  }[];
}

const sparesPromises = ({ major }: NodeRelease): boolean => major >= 24;

async function tasksOf({ url }: App): Promise<Tasks> {
  return (await (await ask(url, '/tasks')).json()) as Tasks;
}

async function change({ url }: App, query: string): Promise<number> {
  return (await fetch(`${url}/tasks?${query}`, { method: 'POST' })).status;
}

/** What a leak rests on, for whoever has to find out why there is none. */
async function described(app: App): Promise<string> {
  const { leaks, threads } = await tasksOf(app);
  const collections = (await scrape(app.url)).sum('v8js_gc_duration_seconds_count', {
    v8js_gc_type: 'major',
  });
  return JSON.stringify({ collections, counts: threads[0]?.counts?.slice(0, 4), leaks }).slice(0, 2000);
}

describe.concurrent.each(supportedNodes)('on Node $name', (node) => {
  test('a leak is suspected, and named with where it is created', async () => {
    await using app = await startApp({
      node,
      args: ['--expose-gc', fixture('tasks/leaks-timers.mjs')],
      env: { LOOPSCOPE_LEAK_WINDOW_MS: '1000', LOOPSCOPE_STALL_THRESHOLD_MS: '5000' },
    });
    const leak = await until(
      'the leak is named',
      async () => {
        const tasks = await tasksOf(app);
        const found = tasks.leaks.find(({ census }) => census === (sparesPromises(node) ? 'done' : 'none'));
        // Shown where the time is over.
        return found ?? Promise.reject(new Error(JSON.stringify(tasks).slice(0, 2000)));
      },
      { capMs: 50_000, everyMs: 100 },
    );
    expect(leak).toMatchObject({ kind: 'resource', type: 'Timeout' });
    if (sparesPromises(node)) {
      expect(leak.sites[0]).toMatchObject({ type: 'Timeout', function: 'remind' });
      expect(leak.sites[0]?.file).toMatch(/leaks-timers\.mjs$/);
      expect(leak.sites.map((site) => site.function)).not.toContain('answer');
    }
    const suspected = await scrape(app.url);
    expect(suspected.sum('loopscope_leak_suspected', { kind: 'resource', type: 'Timeout' })).toBe(1);
  });

  test('the level is changed by POST, and a census goes back to it', async () => {
    const promises = sparesPromises(node) ? '' : '&promises=true';
    await using app = await startApp({
      node,
      args: ['--expose-gc', fixture('tasks/leaks-timers.mjs')],
      env: { LOOPSCOPE_LEAK_CENSUS: 'false' },
    });
    expect(await change(app, 'level=counts')).toBe(sparesPromises(node) ? 202 : 409);
    expect(await change(app, `level=counts${promises}`)).toBe(202);
    await until('timers are counted', async () => {
      const { threads } = await tasksOf(app);
      return (threads[0]?.counts?.find(({ type }) => type === 'Timeout')?.live ?? 0) > 0;
    });
    expect((await scrape(app.url)).sum('loopscope_async_level', { level: 'counts' })).toBe(1);
    expect(await change(app, `level=census&seconds=1${promises}`)).toBe(202);
    const census = await until(
      'the census is done',
      async () => {
        const [thread] = (await tasksOf(app)).threads;
        return thread?.level === 'counts' && thread.census?.state === 'done' ? thread.census : undefined;
      },
      { capMs: 20_000 },
    );
    expect(census.sites.map((site) => site.function)).toEqual(expect.arrayContaining(['remind', 'answer']));
  });

  test('async hooks are used only when that is asked for', async () => {
    const args = ['--expose-internals', fixture('tasks/tells-hooks.cjs')];
    const told = async (preload: Preload, level: string): Promise<unknown> => {
      const { stdout } = await run({ node, args, preload, env: { LOOPSCOPE_TASKS: level } });
      return JSON.parse(stdout);
    };
    const untouched = await told(byImport.baseline, '');
    expect(untouched).toMatchObject({ init: false });
    expect(await told(byImport.ours, 'rate')).toEqual(untouched);
    const counting = { enabled: true, init: true };
    expect(await told(byImport.ours, 'counts')).toEqual(sparesPromises(node) ? counting : untouched);
  });

  test.each(['counts', 'census'])('a stack overflow among tasks stays a RangeError at %s', async (level) => {
    const env = {
      LOOPSCOPE_TASKS: 'counts',
      LOOPSCOPE_TASK_PROMISES: sparesPromises(node) ? 'false' : 'true',
    };
    const args = [fixture('tasks/recursion-with-tasks.mjs'), level];
    const starts = ['--import', fixture('tasks/starts-census.mjs')];
    const ours = { args: [...byImport.ours.args, ...(level === 'census' ? starts : [])], env };
    await expectSameConduct({ node, args }, { preload: { ...byImport, ours } });
  });

  test('warnings of too many listeners are printed as ever', async () => {
    await expectSameConduct({ node, args: [fixture('tasks/warns-of-listeners.mjs')] });
  });
});

test.each(oldestSupportedNodes)(
  'on Node $name, where a hook could end the process, there is none',
  async (node) => {
    const { exitCode, stdout, stderr } = await run({
      node,
      args: [fixture('tasks/recursion-with-tasks.mjs')],
      preload: byImport.ours,
      env: { LOOPSCOPE_TASKS: 'counts', LOOPSCOPE_TASK_PROMISES: 'true' },
    });
    expect(exitCode).toBe(0);
    expect(stdout.match(/RangeError/g)).toHaveLength(15);
    expect(stderr).toMatch(
      /^loopscope: LOOPSCOPE_TASKS=counts can't be had, rate holds: .*22\.22 is needed\n$/,
    );
  },
);

describe("the demo's leaks", () => {
  const folder = fileURLToPath(new URL('../../packages/demo-app/', import.meta.url));
  const [node] = supportedNodes.filter(sparesPromises);

  test.runIf(node !== undefined)(
    'are found and named, and a steady service is not accused',
    async () => {
      await using app = await startApp({
        node: node as NodeRelease,
        cwd: folder,
        args: ['src/server.ts'],
        env: { DEMO_PORT: '0', LOOPSCOPE_TASKS: 'counts', LOOPSCOPE_LEAK_WINDOW_MS: '2000' },
      });
      const [, service = ''] = await app.printed(/listens on (http:\/\/[^/\s]+)/);
      const get = async (path: string): Promise<void> => {
        await (await fetch(service + path)).text();
      };
      /** Healthy requests, and much garbage so that it is collected. */
      const healthy = async (): Promise<void> => {
        await Promise.all([get('/orders'), get('/orders/7'), get('/sessions/reindex?ms=200')]);
      };
      for (let second = 0; second < 14; second += 1) {
        await healthy();
        await new Promise((resolve) => setTimeout(resolve, 800));
      }
      expect((await tasksOf(app)).leaks).toEqual([]);
      const named = await until(
        'both leaks are named',
        async () => {
          await Promise.all([healthy(), get('/carts/3/remind?ms=50'), get('/stock/KX-4711-B?ms=50')]);
          const { leaks } = await tasksOf(app);
          const places = leaks.map(({ type, sites }) => `${type} ${sites[0]?.function} ${sites[0]?.file}`);
          return places.some((place) => /^Timeout remind .*leaked-timers\.ts$/.test(place)) &&
            places.some((place) => /^TCPWRAP askStock .*leaked-sockets\.ts$/.test(place))
            ? leaks
            : Promise.reject(new Error(await described(app)));
        },
        { capMs: 70_000, everyMs: 300 },
      );
      // Each socket is a file descriptor, too.
      expect(new Set(named.map(({ type }) => type))).toEqual(new Set(['Timeout', 'TCPWRAP', 'any']));
    },
    120_000,
  );
});
