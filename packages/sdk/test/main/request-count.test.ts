import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { OwnTime } from '../../src/main/own-time.ts';
import { countRequests, type RequestCount } from '../../src/main/request-count.ts';
import { createThreadWords, type ThreadWords, threadWord } from '../../src/shared/shared-words.ts';

let words: ThreadWords;
let count: RequestCount;
let held: ServerResponse[];
let url: string;

beforeEach(async () => {
  words = createThreadWords();
  count = countRequests(words, new OwnTime());
  held = [];
  const server = createServer((_request, response) => held.push(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => count.stop());

const inFlight = (): number => Atomics.load(words, threadWord.requestsInFlight);

test('requests are counted from their start to their answer', async () => {
  const answers = [1, 2, 3].map(async () => (await fetch(url)).text());
  await vi.waitFor(() => expect(inFlight()).toBe(3));
  held.pop()?.end('done');
  await vi.waitFor(() => expect(inFlight()).toBe(2));
  for (const response of held) {
    response.end();
  }
  await Promise.all(answers);
  await vi.waitFor(() => expect(inFlight()).toBe(0));
});

test('a request whose client has gone away is forgotten by a sweep, and no other is', async () => {
  const gone = get(url).on('error', () => {});
  const stays = get(url).on('error', () => {});
  await vi.waitFor(() => expect(inFlight()).toBe(2));
  gone.destroy();
  await vi.waitFor(() => {
    count.sweep();
    expect(inFlight()).toBe(1);
  });
  count.sweep();
  count.sweep();
  expect(inFlight()).toBe(1);
  stays.destroy();
});

test('nothing is counted once it is stopped', async () => {
  const request = get(url).on('error', () => {});
  await vi.waitFor(() => expect(inFlight()).toBe(1));
  count.stop();
  expect(inFlight()).toBe(0);
  const another = get(url).on('error', () => {});
  await vi.waitFor(() => expect(held).toHaveLength(2));
  expect(inFlight()).toBe(0);
  request.destroy();
  another.destroy();
});
