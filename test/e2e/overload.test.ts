// Servers of Express, Fastify and Node alone with the middleware, under more orders than they can do: a share of them is
// refused and counted, what is never to be refused is not, and it ends with the load.
import { describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { appFile } from '../harness/apps.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

/** Asks again and again over so many connections, until it is told to end. */
class Load {
  readonly statuses = new Map<number, number>();
  retryAfter: string | null = null;
  readonly #end = new AbortController();
  readonly #clients: readonly Promise<void>[];

  constructor(url: string, clients: number) {
    this.#clients = Array.from({ length: clients }, () => this.#ask(url));
  }

  async #ask(url: string): Promise<void> {
    while (!this.#end.signal.aborted) {
      const response = await fetch(url);
      await response.arrayBuffer();
      this.statuses.set(response.status, (this.statuses.get(response.status) ?? 0) + 1);
      this.retryAfter = response.headers.get('retry-after') ?? this.retryAfter;
    }
  }

  async end(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#clients);
  }
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test.each(['http', 'express', 'fastify'])('a server of %s', async (kind) => {
    await using app = await startApp({ node, args: [appFile('registries/server.mjs'), kind] });
    const [, port] = await app.printed(/^port (\d+)$/m);
    const url = `http://127.0.0.1:${port}`;
    const status = async (path: string): Promise<number> => (await fetch(url + path)).status;
    await until(
      'its start is over',
      async () => (await scrape(app.url)).sum('loopscope_overload_share_ratio') === 0,
    );

    const few = new Load(`${url}/orders`, 1);
    await until('some orders are done', () => (few.statuses.get(200) ?? 0) >= 50);
    await few.end();
    expect([...few.statuses.keys()]).toEqual([200]);

    const many = new Load(`${url}/orders`, 40);
    await until('some are refused', () => (many.statuses.get(503) ?? 0) >= 20, { capMs: 30_000 });
    expect(many.retryAfter).toBe('1');
    expect(await Promise.all(Array.from({ length: 10 }, () => status('/health')))).toEqual(
      Array(10).fill(200),
    );
    await many.end();
    expect(many.statuses.get(200)).toBeGreaterThan(20);
    expect(new Set(many.statuses.keys())).toEqual(new Set([200, 503]));

    const [own, mounted] = [await scrape(app.url), await scrape(url)];
    expect(own.sum('loopscope_overload_requests_total')).toBe(many.statuses.get(503));
    expect(mounted.sum('loopscope_overload_requests_total')).toBe(many.statuses.get(503));
    await until(
      'it is over',
      async () => (await scrape(app.url)).sum('loopscope_overload_share_ratio') === 0,
    );
    expect(await status('/orders')).toBe(200);
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });
});
