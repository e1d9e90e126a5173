import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LoadSummary } from '../src/messages.ts';
import { Child } from '../src/runner/child.ts';

function startLoad(...args: string[]) {
  const lines: string[] = [];
  const child = new Child({
    args: ['src/load.ts', ...args],
    cwd: join(import.meta.dirname, '..'),
    env: process.env,
    onLine: (line) => lines.push(line),
  });
  return { child, lines };
}

test('the load keeps its connections, stops by itself and tells how it went', {
  timeout: 30_000,
}, async () => {
  let asked = 0;
  let connections = 0;
  const server = createServer((request, response) => {
    asked++;
    request.resume();
    response.statusCode = asked % 10 === 0 ? 500 : 200;
    response.end();
  }).listen(0, '127.0.0.1');
  server.on('connection', () => connections++);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const { child } = startLoad('--url', url, '--rate', '100', '--seconds', '1');
  const summary = await child.message<LoadSummary>('summary');
  expect(await child.exited).toBe('exited with code 0');
  const { requests = 0, failures = 0 } = summary ?? {};
  // Those that are asked as it stops are in neither count.
  const inFlight = asked - requests - failures;
  expect(inFlight).toBeGreaterThanOrEqual(0);
  expect(inFlight).toBeLessThanOrEqual(32);
  expect(failures).toBeLessThanOrEqual(Math.floor(asked / 10));
  expect(failures).toBeGreaterThanOrEqual(Math.floor(asked / 10) - inFlight);
  expect(failures).toBeGreaterThan(0);
  expect(asked).toBeGreaterThan(10);
  expect(asked).toBeLessThanOrEqual(101);
  expect(connections).toBeLessThan(asked);
  server.close();
});

test('a service that is not there gives failures, not a crash', { timeout: 30_000 }, async () => {
  const { child } = startLoad('--url', 'http://127.0.0.1:1', '--rate', '50', '--seconds', '1');
  const summary = await child.message<LoadSummary>('summary');
  expect(summary).toMatchObject({ requests: 0, medianMs: 0 });
  expect(summary?.failures).toBeGreaterThan(0);
  expect(await child.exited).toBe('exited with code 0');
});

test('a rate out of bounds is refused by name', { timeout: 30_000 }, async () => {
  const { child, lines } = startLoad('--rate', '5000');
  expect(await child.exited).toBe('exited with code 2');
  expect(lines).toEqual(['--rate must be a whole number from 1 to 200, not "5000".']);
});
