import type { LoopscopeHandle, OverloadReason } from '@loopscope/sdk';
import { describe, expect, test, vi } from 'vitest';
import { metricsHandler, shedLoad, shedLoadHook } from '../../src/main/middleware.ts';

class Response {
  statusCode = 200;
  readonly headers: Record<string, string> = {};
  body: string | undefined;
  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  end(body?: string): void {
    this.body = body;
  }
}

function handleThat(reason: OverloadReason | undefined): LoopscopeHandle {
  return {
    overloaded: reason !== undefined,
    shed: (reasons?: ReadonlySet<OverloadReason>) =>
      reason !== undefined && reasons?.has(reason) !== false ? reason : undefined,
    scrape: async () => 'up 1\n',
  } as unknown as LoopscopeHandle;
}

const request = { url: '/orders', method: 'GET' };

describe('shedding', () => {
  test('lets requests pass while all is well, without asking the filter', () => {
    const filter = vi.fn(() => true);
    const next = vi.fn();
    const response = new Response();
    expect(shedLoad({ handle: handleThat(undefined), filter })(request, response, next)).toBe(false);
    expect(next).toHaveBeenCalledOnce();
    expect(filter).not.toHaveBeenCalled();
    expect(response.body).toBeUndefined();
  });

  test('refuses with 503 and Retry-After, and calls no route', () => {
    const next = vi.fn();
    const response = new Response();
    expect(shedLoad({ handle: handleThat('saturated') })(request, response, next)).toBe(true);
    expect(next).not.toHaveBeenCalled();
    expect(response).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '1', 'Content-Type': 'text/plain; charset=utf-8' },
      body: 'The server is overloaded. Try again later.\n',
    });
  });

  test('refuses in the words that it is given', () => {
    const response = new Response();
    const options = { handle: handleThat('stalled'), status: 429, retryAfterSeconds: 5, body: 'busy' };
    expect(shedLoad(options)(request, response)).toBe(true);
    expect(response).toMatchObject({ statusCode: 429, headers: { 'Retry-After': '5' }, body: 'busy' });
  });

  test('serves what the filter keeps, and refuses for the given reasons alone', () => {
    const kept = shedLoad({ handle: handleThat('stalled'), filter: ({ url }) => url !== '/orders' });
    expect(kept(request, new Response())).toBe(false);
    expect(kept({ url: '/' }, new Response())).toBe(true);
    const other = shedLoad({ handle: handleThat('stalled'), reasons: ['threadpool'] });
    expect(other(request, new Response())).toBe(false);
  });

  test('is a hook of Fastify too', () => {
    const reply = { code: vi.fn(() => reply), header: vi.fn(() => reply), send: vi.fn(() => reply) };
    const done = vi.fn();
    shedLoadHook({ handle: handleThat(undefined) })(request, reply, done);
    expect(done).toHaveBeenCalledOnce();
    shedLoadHook({ handle: handleThat('threadpool') })(request, reply, done);
    expect(done).toHaveBeenCalledOnce();
    expect(reply.code).toHaveBeenCalledWith(503);
    expect(reply.header).toHaveBeenCalledWith('Retry-After', '1');
  });
});

test('metrics are answered as the endpoint answers them, and 503 without an agent', async () => {
  const response = new Response();
  await metricsHandler(handleThat(undefined))(request, response);
  expect(response).toMatchObject({
    statusCode: 200,
    headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: 'up 1\n',
  });
  const handle = { scrape: () => Promise.reject(new Error('no agent')) } as unknown as LoopscopeHandle;
  const failed = new Response();
  await metricsHandler(handle)(request, failed);
  expect(failed).toMatchObject({ statusCode: 503, body: 'Error: no agent\n' });
});

test.each([
  [
    { reasons: ['slow'] },
    "shedLoad: reasons received [ 'slow' ], expected an array of stalled, saturated, threadpool",
  ],
  [{ status: 200 }, 'shedLoad: status received 200, expected a whole number from 400 to 599'],
  [
    { retryAfterSeconds: 0.5 },
    'shedLoad: retryAfterSeconds received 0.5, expected a whole number of seconds, 0 or more',
  ],
  [{ filter: '/health' }, "shedLoad: filter received '/health', expected a function of the request"],
  [{ body: 1 }, 'shedLoad: body received 1, expected a string'],
  [{ handle: {} }, 'shedLoad: handle received {}, expected what start() returned'],
  [
    { retryAfter: 1 },
    'shedLoad: retryAfter received 1, expected one of reasons, filter, status, retryAfterSeconds, body, handle: there is no such option',
  ],
  [null, 'shedLoad: options received null, expected an object'],
])('bad input is named with its value', (options, message) => {
  expect(() => shedLoad(options as never)).toThrow(
    expect.objectContaining({ code: 'LOOPSCOPE_INVALID_OPTION', message }),
  );
});
