// The real service, in a process of its own.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { FaultAnswer } from '../src/app.ts';
import type { ListeningMessage } from '../src/messages.ts';
import { Child } from '../src/runner/child.ts';

const cwd = join(import.meta.dirname, '..');
let service: Child | undefined;

afterEach(async () => {
  await service?.stop();
  service = undefined;
});

async function start(env: NodeJS.ProcessEnv = {}) {
  const lines: string[] = [];
  const child = new Child({
    args: ['--import', './src/tracing.ts', 'src/server.ts'],
    cwd,
    env: { ...process.env, DEMO_PORT: '0', ...env },
    onLine: (line) => lines.push(line),
  });
  service = child;
  const listening = await child.message<ListeningMessage>('listening');
  return { child, lines, url: `http://127.0.0.1:${listening?.port}` };
}

describe('the service', { timeout: 30_000 }, () => {
  test('takes, finds and lists orders', async () => {
    const { url } = await start();
    const headers = { 'content-type': 'application/json' };
    const placed = await fetch(`${url}/orders`, {
      method: 'POST',
      headers,
      body: '{"customer":"Ada","totalCents":1299}',
    });
    expect(placed.status).toBe(201);
    const order = (await placed.json()) as { id: number };
    expect(await (await fetch(`${url}/orders/${order.id}`)).json()).toEqual({
      id: order.id,
      customer: 'Ada',
      totalCents: 1299,
    });
    expect(((await (await fetch(`${url}/orders`)).json()) as unknown[])[0]).toEqual({
      id: order.id,
      customer: 'Ada',
      totalCents: 1299,
    });
    expect((await fetch(`${url}/orders/999999`)).status).toBe(404);
    expect((await fetch(`${url}/orders`, { method: 'POST', headers, body: '{"customer":7}' })).status).toBe(
      400,
    );
  });

  test('blocks when it is told to, and says for how long', async () => {
    const { url } = await start();
    const answer = (await (await fetch(`${url}/orders/42/price?ms=120`)).json()) as FaultAnswer;
    expect(answer).toMatchObject({ fault: 'cpu-loop', askedMs: 120 });
    expect(answer.pausedMs).toBeGreaterThanOrEqual(119);
  });

  test('refuses a duration out of bounds, and is not blocked', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/orders/42/price?ms=10001`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'ms must be a whole number from 50 to 10000, not "10001"',
    });
  });

  test('ends cleanly when asked, though timers and sockets leaked', async () => {
    const { child, lines, url } = await start();
    await fetch(`${url}/carts/3/remind?ms=50`);
    await fetch(`${url}/stock/KX-1?ms=50`);
    await child.stop();
    expect(await child.exited).toBe('exited with code 0');
    expect(lines).toEqual([]);
  });

  test('says when its port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { child, lines } = await start({ DEMO_PORT: String(port) });
    expect(await child.exited).toBe('exited with code 1');
    expect(lines).toEqual([
      `Port ${port} of 127.0.0.1 is taken. Set DEMO_PORT to another one, or to 0 for any that is free.`,
    ]);
    holder.close();
  });

  test('says when its port is none', async () => {
    const { child, lines } = await start({ DEMO_PORT: '70000' });
    expect(await child.exited).toBe('exited with code 1');
    expect(lines).toEqual(['DEMO_PORT must be a whole number from 0 to 65535, not "70000".']);
  });
});
