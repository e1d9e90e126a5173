import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type Express from 'express';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { OwnTime } from '../../src/main/own-time.ts';
import { followRequests, type RequestFollower } from '../../src/main/requests.ts';
import type { StalledRequest } from '../../src/shared/stall.ts';

// As an application loads it: the test runner's own import breaks a CommonJS dependency of it.
const express = createRequire(import.meta.url)('express') as typeof Express;

let follower: RequestFollower;

beforeEach(() => {
  follower = followRequests(new OwnTime());
});

afterEach(() => follower.stop());

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Serves on a free port; returns the origin. */
async function serve(listener: Listener): Promise<string> {
  const server: Server = createServer((request, response) => void listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a plain server', () => {
  test('is told by the method alone', async () => {
    const seen: (StalledRequest | undefined)[] = [];
    const origin = await serve((_request, response) => {
      seen.push(follower.current());
      response.end();
    });
    await fetch(`${origin}/users/4711?token=secret`, { method: 'DELETE' });
    expect(seen).toEqual([{ method: 'DELETE' }]);
  });

  test('has each of its requests told in its own context, however they are mixed', async () => {
    const seen: string[] = [];
    let waiting = 0;
    let release: () => void = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    const origin = await serve(async (request, response) => {
      waiting += 1;
      if (waiting === 3) {
        release();
      }
      await all;
      await new Promise(setImmediate);
      seen.push(`${request.method} ${follower.current()?.method}`);
      response.end();
    });
    await Promise.all(['GET', 'POST', 'PUT'].map((method) => fetch(origin, { method })));
    expect(seen.sort()).toEqual(['GET GET', 'POST POST', 'PUT PUT']);
  });

  test('has the next request of a connection told as itself', async () => {
    const seen: (string | undefined)[] = [];
    const origin = await serve((_request, response) => {
      seen.push(follower.current()?.method);
      response.end();
    });
    for (const method of ['GET', 'POST', 'PATCH']) {
      await (await fetch(origin, { method })).text();
    }
    expect(seen).toEqual(['GET', 'POST', 'PATCH']);
  });

  test('has what a request began told as its, after the answer too', async () => {
    let later: Promise<StalledRequest | undefined> | undefined;
    const origin = await serve((_request, response) => {
      later = new Promise((resolve) =>
        response.on('finish', () => setImmediate(() => resolve(follower.current()))),
      );
      response.end();
    });
    await (await fetch(origin, { method: 'PUT' })).text();
    expect(await later).toEqual({ method: 'PUT' });
  });
});

describe('an Express application', () => {
  test.each([
    ['GET', '/orders/4711?token=secret', { method: 'GET', route: '/orders/:id' }],
    ['POST', '/orders', { method: 'POST', route: '/orders' }],
    ['GET', '/shop/4711/items/9', { method: 'GET', route: '*/items/:item' }],
    ['GET', '/either', { method: 'GET' }],
    ['GET', '/pattern-4711', { method: 'GET' }],
  ])('names the template of %s %s', async (method, path, told) => {
    const seen: unknown[] = [];
    const application = express();
    const answer: Express.RequestHandler = async (_request, response) => {
      seen.push(follower.current());
      await new Promise(setImmediate);
      seen.push(follower.current());
      response.end();
    };
    const items = express.Router({ mergeParams: true });
    items.get('/items/:item', answer);
    application.get('/orders/:id', answer);
    application.post('/orders', answer);
    application.get(['/either', '/or'], answer);
    application.get(/^\/pattern-\d+$/, answer);
    application.use('/shop/:shop', items);
    const origin = await serve(application);
    expect((await fetch(`${origin}${path}`, { method })).status).toBe(200);
    expect(seen).toEqual([told, told]);
  });

  test('tells no path before a route is found, nor where none is', async () => {
    const seen: unknown[] = [];
    const application = express();
    application.use((_request, _response, next) => {
      seen.push(follower.current());
      next();
    });
    application.use((_request, response) => {
      seen.push(follower.current());
      response.sendStatus(404);
    });
    const origin = await serve(application);
    await fetch(`${origin}/users/4711/secrets`);
    expect(seen).toEqual([{ method: 'GET' }, { method: 'GET' }]);
  });
});

describe('no request is told', () => {
  test('outside of any', () => {
    expect(follower.current()).toBeUndefined();
  });

  test('in a context that was there before them', async () => {
    let ask: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const answer = asked.then(() => follower.current());
    const origin = await serve((_request, response) => {
      ask();
      response.end();
    });
    await fetch(origin);
    expect(await answer).toBeUndefined();
  });

  test('once the follower has stopped', async () => {
    const seen: unknown[] = [];
    const origin = await serve((_request, response) => {
      seen.push(follower.current());
      response.end();
    });
    follower.stop();
    await fetch(origin);
    expect(seen).toEqual([undefined]);
  });
});
