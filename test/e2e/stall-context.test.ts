// In whose hands the loop was blocked: the request and the span, and nothing about them that may
// hold a secret or an identifier.
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type App, startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { ask, scrape } from '../harness/scrape.ts';
import { stallOf } from '../harness/stalls.ts';
import { until } from '../harness/until.ts';

function send(url: string, method: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { 'x-secret': 'hunter2' } }, (response) => {
      response.resume().on('end', resolve);
    });
    sent.on('error', reject).end();
  });
}

async function serverUrl(app: App): Promise<string> {
  return (await app.printed(/^http:\S+$/m))[0];
}

/** Until a program that loads much has been idle, so that its boot is over for everyone. */
async function settled(app: App): Promise<void> {
  await until('its loop has been idle', async () => {
    const idle = { nodejs_eventloop_state: 'idle' };
    return ((await scrape(app.url)).sum('nodejs_eventloop_time_seconds_total', idle) ?? 0) > 0.2;
  });
}

describe.each(supportedNodes)('on Node $name', (node) => {
  // On 22 requests are only followed when it is asked for, since it costs promise hooks there.
  const env = { LOOPSCOPE_REQUEST: 'true' };

  test('names the method of the request that blocks, among others in flight', async () => {
    await using app = await startApp({ node, args: [fixture('requests/http-server.mjs')], env });
    const url = await serverUrl(app);
    await Promise.all([
      send(`${url}/wait`, 'GET'),
      send(`${url}/block?token=hunter2`, 'PUT'),
      send(`${url}/wait`, 'DELETE'),
    ]);
    const stall = await stallOf(app.url, 'renderInvoice', 'closed');
    expect(stall).toMatchObject({ request: { method: 'PUT' }, culprit: { function: 'renderInvoice' } });
    expect(stall.request?.route).toBeUndefined();
    expect(stall.span).toBeUndefined();
    // All three were in flight, and lost the whole of it.
    expect(stall.victims.requests).toBe(3);
    expect(stall.victims.lostMs).toBeCloseTo(3 * stall.durationMs, 0);
    const metrics = await scrape(app.url);
    expect(metrics.sum('loopscope_eventloop_stall_requests_total')).toBeGreaterThanOrEqual(3);
    expect(metrics.sum('loopscope_eventloop_stall_requests_time_seconds_total')).toBeGreaterThan(1);
    const everything = await Promise.all(
      ['/stalls', '/metrics'].map(async (path) => (await ask(app.url, path)).text()),
    );
    expect(everything.join()).not.toContain('hunter2');
    expect(await app.finish()).toMatchObject({ exitCode: 0 });
  });

  test('names no request on a Node where that has a price, unless asked', async () => {
    await using app = await startApp({ node, args: [fixture('requests/http-server.mjs')] });
    await send(`${await serverUrl(app)}/block`, 'PUT');
    const stall = await stallOf(app.url, 'renderInvoice', 'closed');
    expect(stall.request).toEqual(node.major >= 24 ? { method: 'PUT' } : undefined);
  });

  test.each([
    { method: 'POST', path: '/orders/brown-shoes', route: '/orders/:id' },
    { method: 'GET', path: '/customers/jane-doe/invoices/brown-shoes/lines', route: '*/:id/lines' },
  ])('names the route template of Express: $route', async ({ method, path, route }) => {
    await using app = await startApp({ node, args: [fixture('requests/express-server.mjs')], env });
    const url = await serverUrl(app);
    await settled(app);
    await send(`${url}${path}`, method);
    const stall = await stallOf(app.url, 'renderInvoice', 'closed');
    expect(stall.request).toEqual({ method, route });
    expect(await (await ask(app.url, '/stalls')).text()).not.toMatch(/jane-doe|brown-shoes/);
  });

  test.each([
    { script: 'traced.mjs', request: { method: 'PUT', route: '/accounts/:id' } },
    { script: 'traced-by-hand.mjs', request: undefined },
  ])('names the active span of OpenTelemetry: $script', async ({ script, request: expected }) => {
    await using app = await startApp({ node, args: [fixture(`requests/${script}`)] });
    await settled(app);
    app.tell('go');
    const [line] = await app.printed(/^\{.*\}$/m);
    const { traceId, spanId } = JSON.parse(line) as { traceId: string; spanId: string };
    const stall = await stallOf(app.url, 'settleAccounts', 'closed');
    expect(stall.span).toEqual({ traceId, spanId, sampled: true });
    expect(stall.request).toEqual(expected);
  });

  test('names the culprit where the context manager fails', async () => {
    await using app = await startApp({ node, args: [fixture('requests/traced-badly.mjs')] });
    app.tell('go');
    const stall = await stallOf(app.url, 'settleAccounts', 'closed');
    expect(stall.culprit?.function).toBe('settleAccounts');
    expect(stall.span).toBeUndefined();
    expect(await app.finish()).toMatchObject({ exitCode: 0, stdout: '{}\n' });
  });
});
