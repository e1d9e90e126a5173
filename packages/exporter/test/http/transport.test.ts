import { Resolver } from 'node:dns';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createNameLookup } from '../../src/resolver/name-lookup.ts';
import { Collector } from '../support/collector.ts';
import { openDnsServer } from '../support/dns-server.ts';
import { closeAll, onClose, openCollector, send, transportTo } from '../support/open-transport.ts';
import { waitUntil } from '../support/wait-until.ts';

afterEach(closeAll);

describe('a request', () => {
  test('carries the configured headers, and ours where they are needed', async () => {
    const { url, requests } = await openCollector();
    const transport = transportTo(url, {
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x,user-agent=mine',
    });
    expect(await send(transport)).toMatchObject({ kind: 'answered', status: 200 });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/metrics',
      headers: {
        authorization: 'Bearer x',
        'user-agent': 'mine',
        'content-type': 'application/x-protobuf',
        'content-length': '0',
      },
    });
  });

  test('names itself, and takes user and password from the URL', async () => {
    const { url, requests } = await openCollector();
    await send(transportTo(url.replace('//', '//user:p%40ss@')));
    expect(requests[0]?.headers).toMatchObject({
      'user-agent': 'Loopscope/1.2.3',
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    });
  });

  test('is compressed where that is asked for', async () => {
    const { url, requests } = await openCollector();
    const body = Buffer.from('metrics '.repeat(1000));
    await send(transportTo(url, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }), body);
    expect(requests[0]?.headers['content-encoding']).toBe('gzip');
    expect(Number(requests[0]?.headers['content-length'])).toBeLessThan(500);
    expect(requests[0]?.body.equals(body)).toBe(true);
  });

  test('goes over the connection of the one before', async () => {
    const opened = await openCollector();
    const transport = transportTo(opened.url);
    await send(transport);
    await send(transport);
    expect(opened.requests.map(({ connection }) => connection)).toEqual([1, 1]);
    transport.close();
    await waitUntil(() => opened.openConnections === 0, 'the connection is closed');
  });

  test('is repeated at once where the kept connection had just been closed', async () => {
    const opened = await openCollector();
    const transport = transportTo(opened.url);
    await send(transport);
    opened.reactions = [() => opened.reset(), (response) => response.end()];
    expect(await send(transport)).toMatchObject({ kind: 'answered', status: 200 });
    expect(opened.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  test('reaches a name by the resolver that is given', async () => {
    const opened = await openCollector();
    const dns = await openDnsServer({ 'collector.example': ['127.0.0.1'] });
    onClose(() => dns.close());
    const createQueries = (): Resolver => {
      const resolver = new Resolver({ timeout: 500, tries: 2 });
      resolver.setServers([dns.address]);
      return resolver;
    };
    const names = createNameLookup({ hostsPath: '/nowhere', resolvConfPath: '/nowhere', createQueries });
    const found = transportTo(`http://collector.example:${opened.port}`, {}, names);
    expect(await send(found)).toMatchObject({ kind: 'answered', status: 200 });
    expect(opened.requests[0]?.headers.host).toBe(`collector.example:${opened.port}`);
    const lost = transportTo(`http://other.example:${opened.port}`, {}, names);
    expect(await send(lost)).toEqual({ kind: 'failed', code: 'ENOTFOUND' });
  });
});

describe('an answer', () => {
  test.each([200, 202, 301, 400, 404, 413, 429, 500, 503])('of %i is given as it is', async (status) => {
    const opened = await openCollector();
    opened.reactions = [(response) => response.writeHead(status, { 'retry-after': '7' }).end('body')];
    expect(await send(transportTo(opened.url))).toEqual({
      kind: 'answered',
      status,
      retryAfterMs: 7000,
      body: Buffer.from('body'),
    });
  });

  test('is read up to a bound', async () => {
    const opened = await openCollector();
    let written = 0;
    opened.reactions = [
      (response) => {
        const pour = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(16_384))) {
            written += 16_384;
          }
        };
        response.writeHead(200).on('drain', pour);
        pour();
      },
    ];
    expect(await send(transportTo(opened.url))).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    await waitUntil(() => opened.openConnections === 0, 'the connection is closed');
    expect(written).toBeLessThan(100_000_000);
  });

  test('that stops in its body counts by its status', async () => {
    const opened = await openCollector();
    opened.reactions = [
      (response) => {
        response.writeHead(200, { 'content-length': 100 }).write('part', () => response.destroy());
      },
    ];
    expect(await send(transportTo(opened.url))).toMatchObject({ kind: 'answered', status: 200 });
  });
});

describe('no answer', () => {
  test('comes where nothing listens', async () => {
    const { url, close } = await Collector.open();
    await close();
    expect(await send(transportTo(url))).toEqual({
      kind: 'failed',
      code: 'ECONNREFUSED',
    });
  });

  test('comes from a collector that hangs: the attempt is over in its time', async () => {
    const opened = await openCollector();
    opened.reactions = [() => {}];
    const reply = await send(transportTo(opened.url), Buffer.alloc(0), 50);
    expect(reply).toEqual({ kind: 'failed', code: 'ETIMEDOUT' });
    await waitUntil(() => opened.openConnections === 0, 'the connection is closed');
  });

  test('comes from a collector that resets', async () => {
    const opened = await openCollector();
    opened.reactions = [() => opened.reset()];
    expect(await send(transportTo(opened.url))).toEqual({ kind: 'failed', code: 'ECONNRESET' });
    expect(opened.requests).toHaveLength(1);
  });

  test('comes from what speaks no HTTP', async () => {
    const server = createServer((socket: Socket) => {
      socket.on('error', () => {}).end('SSH-2.0-OpenSSH\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onClose(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await send(transportTo(url))).toEqual({ kind: 'failed', code: 'HPE_INVALID_CONSTANT' });
  });

  test('is waited for after an abort: sockets go at once', async () => {
    const opened = await openCollector();
    opened.reactions = [() => {}];
    const abort = new AbortController();
    const reply = send(transportTo(opened.url), Buffer.alloc(0), 1_000_000, abort.signal);
    await opened.received(1);
    abort.abort();
    expect(await reply).toEqual({ kind: 'failed', code: 'ABORT_ERR' });
    await waitUntil(() => opened.openConnections === 0, 'the connection is closed');
  });

  test('is an error that is thrown: a URL whose password is malformed', async () => {
    expect(await send(transportTo('http://u:%ff@127.0.0.1:1'))).toMatchObject({ kind: 'failed' });
  });
});
