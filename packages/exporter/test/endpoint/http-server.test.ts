import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, plainText } from '../../src/endpoint/answer.ts';
import { createHttpServer, defaultLimits, type ServerLimits } from '../../src/endpoint/http-server.ts';
import { answerRequest } from '../../src/endpoint/request-handler.ts';
import { FakeSource } from '../support/fake-source.ts';
import { open, readAll, request, sendRaw } from '../support/raw-client.ts';
import { waitUntil } from '../support/wait-until.ts';

type Server = ReturnType<typeof createHttpServer>;

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

// The endpoint's own routes, so that what answers 4xx here answers so in the process.
async function serve(
  limits: Partial<ServerLimits> = {},
  metrics: () => Promise<Buffer> = async () => Buffer.from('metric 1\n'),
): Promise<{ server: Server; url: string }> {
  const context = {
    source: new FakeSource(),
    options: { livezStoppedMs: 30_000, readyzSaturated: false },
    access: { address: '127.0.0.1', token: undefined },
    scrape: metrics,
    onError: () => {},
  };
  const server = createHttpServer((incoming): Promise<Answer> => answerRequest(incoming, context), {
    ...defaultLimits,
    ...limits,
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function stillAnswers(url: string): Promise<void> {
  expect((await sendRaw(url, request('GET /metrics HTTP/1.1'))).statuses).toEqual([200]);
}

const host = 'Host: localhost';

describe('a malformed or unwanted request gets its status and harms nobody', () => {
  test.each<[string, number, string]>([
    ['no HTTP at all', 400, 'hello\r\n\r\n'],
    ['binary', 400, '\u0016\u0003\u0001\u0002\u0000'],
    ['an unknown method', 400, request('SHOUT /metrics HTTP/1.1')],
    ['an unknown version', 400, request('GET /metrics HTTP/9.9')],
    ['HTTP/2 from the start', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no Host in HTTP/1.1', 400, 'GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a space in the target', 400, request('GET /met rics HTTP/1.1')],
    ['a header without a colon', 400, request('GET /metrics HTTP/1.1', ['nonsense'])],
    ['a folded header', 400, request('GET /metrics HTTP/1.1', ['A: b', ' c'])],
    ['a NUL in a header', 400, request('GET /metrics HTTP/1.1', ['A: \u0000'])],
    ['a bare line feed in a header', 400, `GET /metrics HTTP/1.1\r\n${host}\r\nA: b\nC: d\r\n\r\n\u0000`],
    ['two lengths', 400, request('GET /metrics HTTP/1.1', ['Content-Length: 1', 'Content-Length: 2'])],
    ['a negative length', 400, request('GET /metrics HTTP/1.1', ['Content-Length: -1'])],
    [
      'a length beside chunks',
      400,
      request('GET /metrics HTTP/1.1', ['Content-Length: 4', 'Transfer-Encoding: chunked']),
    ],
    ['the absolute form', 400, request('GET http://localhost/metrics HTTP/1.1')],
    ['an absolute form without a host', 400, request('GET http:// HTTP/1.1')],
    ['another scheme', 400, request('GET ftp://localhost/metrics HTTP/1.1')],
    ['the asterisk form', 400, request('OPTIONS * HTTP/1.1')],
    ['CONNECT', 405, request('CONNECT localhost:80 HTTP/1.1')],
    ['TRACE', 405, request('TRACE /metrics HTTP/1.1')],
    ['POST', 405, request('POST /metrics HTTP/1.1', ['Content-Length: 0'])],
    ['an upgrade', 400, request('GET /metrics HTTP/1.1', ['Upgrade: websocket', 'Connection: Upgrade'])],
    [
      'Expect: 100-continue',
      417,
      request('POST /metrics HTTP/1.1', ['Expect: 100-continue', 'Content-Length: 9']),
    ],
    ['another expectation', 417, request('GET /metrics HTTP/1.1', ['Expect: the-spanish-inquisition'])],
    ['64 KB in one header', 431, request('GET /metrics HTTP/1.1', [`A: ${'x'.repeat(65_536)}`])],
    ['64 KB of target', 431, request(`GET /${'x'.repeat(65_536)} HTTP/1.1`)],
    [
      '10,000 headers',
      431,
      request(
        'GET /metrics HTTP/1.1',
        Array.from({ length: 10_000 }, (_, at) => `H${at}: x`),
      ),
    ],
    ['a traversal', 404, request('GET /../../etc/passwd HTTP/1.1')],
    ['a target of broken escapes', 404, request('GET /%zz%E0%A4%A HTTP/1.1')],
  ])('%s: %i', async (_, status, bytes) => {
    const { url } = await serve();
    const { statuses } = await sendRaw(url, bytes);
    expect(statuses).toEqual([status]);
    await stillAnswers(url);
  });

  test('a body is not read: the connection goes with it', async () => {
    const { url, server } = await serve();
    const socket = open(url);
    const answer = readAll(socket);
    socket.write(`GET /metrics HTTP/1.1\r\n${host}\r\nContent-Length: 1000000000\r\n\r\n`);
    const chunk = Buffer.alloc(65_536);
    let written = 0;
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk)) {
        written += chunk.length;
      }
    };
    socket.on('drain', pour);
    pour();
    expect((await answer).statuses[0] ?? 200).toBe(200);
    expect(written).toBeLessThan(100_000_000);
    await waitUntil(() => openConnections(server) === 0, 'the connection is gone');
    await stillAnswers(url);
  });

  test('a chunked body that never ends is cut off with its answer', async () => {
    const { url } = await serve();
    const parts = [
      `POST /metrics HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      '5\r\nhello\r\n',
    ];
    const { statuses, text } = await sendRaw(url, parts);
    expect(statuses).toEqual([405]);
    expect(text).toMatch(/^Connection: close\r$/m);
    await stillAnswers(url);
  });

  test('HTTP/1.0 without a Host is answered, as load balancers ask', async () => {
    const { url } = await serve();
    expect((await sendRaw(url, 'GET /livez HTTP/1.0\r\n\r\n')).statuses).toEqual([200]);
  });

  test('a thousand pipelined requests get a bounded number of answers', async () => {
    let collections = 0;
    const { url } = await serve({}, async () => {
      collections += 1;
      return Buffer.from(`${'x'.repeat(20_000)}\n`);
    });
    const { statuses } = await sendRaw(url, `GET /metrics HTTP/1.1\r\n${host}\r\n\r\n`.repeat(1000));
    expect(statuses.filter((status) => status === 200)).toHaveLength(defaultLimits.requestsPerConnection);
    expect(collections).toBe(defaultLimits.requestsPerConnection);
    expect(statuses.length).toBeLessThan(defaultLimits.requestsPerConnection + 10);
    await stillAnswers(url);
  });

  test('a reset in the middle of the answer is nothing', async () => {
    const { url, server } = await serve({}, async () => Buffer.alloc(5_000_000, 'x'));
    for (let round = 0; round < 20; round++) {
      const socket = open(url);
      socket.write(request('GET /metrics HTTP/1.1'));
      await new Promise((resolve) => socket.once('data', resolve));
      socket.resetAndDestroy();
    }
    await waitUntil(() => openConnections(server) === 0, 'all connections are gone');
    await stillAnswers(url);
  });
});

test('a reset right after CONNECT, when the socket has left HTTP, is nothing', async () => {
  const { server, url } = await serve();
  let connects = 0;
  server.on('connect', () => {
    connects += 1;
  });
  for (let round = 1; round <= 20; round++) {
    const socket = open(url);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(request('CONNECT localhost:80 HTTP/1.1'), () => socket.resetAndDestroy());
    await waitUntil(() => connects === round, 'the request arrives');
  }
  await waitUntil(() => openConnections(server) === 0, 'all connections are gone');
  await stillAnswers(url);
});

describe('a client that takes its time', () => {
  test('with its headers is told so and closed', async () => {
    const { url } = await serve({ headersMs: 100, requestMs: 100 });
    const { statuses } = await sendRaw(url, 'GET /metrics HTTP/1.1\r\nHost: loc');
    expect(statuses).toEqual([408]);
  });

  test('without a word is closed', async () => {
    const { url } = await serve({ headersMs: 100, requestMs: 100 });
    const { statuses } = await sendRaw(url, '');
    expect(statuses.filter((status) => status !== 408)).toEqual([]);
  });

  test('between requests is closed', async () => {
    const { url } = await serve({ idleMs: 50 });
    const { statuses } = await sendRaw(url, `GET /metrics HTTP/1.1\r\n${host}\r\n\r\n`);
    expect(statuses).toEqual([200]);
  });

  test('with an answer of 50 MB, taken in drips or not at all, is cut off', async () => {
    const { url, server } = await serve({ answerMs: 1000 }, async () => Buffer.alloc(50_000_000, 'x'));
    const { port } = server.address() as AddressInfo;
    const silent = connect(port, '127.0.0.1');
    const dripping = connect(port, '127.0.0.1');
    for (const socket of [silent, dripping]) {
      socket.on('error', () => {});
      socket.write(request('GET /metrics HTTP/1.1'));
    }
    silent.pause();
    // Steadily, but far too slowly: no pause is long enough for a timeout of inactivity.
    dripping.on('data', () => {
      dripping.pause();
      setTimeout(() => dripping.resume(), 20);
    });
    await waitUntil(() => openConnections(server) === 2, 'both are being answered');
    await waitUntil(() => openConnections(server) === 0, 'both are cut off');
    silent.destroy();
    dripping.destroy();
    await stillAnswers(url);
  });
});

describe('connections', () => {
  test('beyond the limit push out those that are silent, so that whoever asks is answered', async () => {
    const { server, url } = await serve();
    const silent: Socket[] = [];
    for (let count = 0; count < 40; count++) {
      const socket = open(url);
      await new Promise((resolve) => socket.once('connect', resolve));
      silent.push(socket);
    }
    expect((await sendRaw(url, request('GET /livez HTTP/1.1'))).statuses).toEqual([200]);
    expect(openConnections(server)).toBeLessThanOrEqual(defaultLimits.connections);
    await waitUntil(() => silent.filter(({ destroyed }) => destroyed).length >= 24, 'the first ones are out');
    for (const socket of silent) {
      socket.destroy();
    }
  });

  test('that are being answered stay while others are pushed out', async () => {
    let finish: (text: Buffer) => void = () => {};
    const { server, url } = await serve({}, () => new Promise((resolve) => (finish = resolve)));
    const asked = new Promise((resolve) => server.once('request', resolve));
    const answer = sendRaw(url, request('GET /metrics HTTP/1.1'));
    await asked;
    const silent: Socket[] = [];
    for (let count = 0; count < 40; count++) {
      const socket = open(url);
      await new Promise((resolve) => socket.once('connect', resolve));
      silent.push(socket);
    }
    finish(Buffer.from('metric 1\n'));
    expect((await answer).statuses).toEqual([200]);
    for (const socket of silent) {
      socket.destroy();
    }
  });

  test('keep nothing alive', async () => {
    const { server, url } = await serve();
    let unreferenced = 0;
    server.on('connection', (socket: Socket) => {
      const handle = (socket as Socket & { _handle: { hasRef(): boolean } })._handle;
      unreferenced += handle.hasRef() ? 0 : 1;
    });
    await sendRaw(url, request('GET /livez HTTP/1.1'));
    expect(unreferenced).toBe(1);
  });
});

test('an answer that comes after the client has gone is dropped', async () => {
  let finish: (answer: Answer) => void = () => {};
  const server = createHttpServer(() => new Promise((resolve) => (finish = resolve)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const asked = new Promise((resolve) => server.once('request', resolve));
  socket.write(request('GET / HTTP/1.1'));
  await asked;
  socket.resetAndDestroy();
  await waitUntil(() => openConnections(server) === 0, 'the client is gone');
  expect(() => finish(plainText(200, 'late'))).not.toThrow();
});

function openConnections(server: Server): number {
  return (server as Server & { readonly _connections: number })._connections;
}
