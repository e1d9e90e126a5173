import { Resolver } from 'node:dns';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readOtlpConfiguration } from '../../src/otlp/configuration.ts';
import { createTransport, type Reply, type Transport } from '../../src/otlp/transport.ts';
import { createNameLookup } from '../../src/resolver/name-lookup.ts';
import { type Certificates, createCertificates, type IssuedCertificate } from '../support/certificates.ts';
import { Collector } from '../support/collector.ts';
import { openDnsServer } from '../support/dns-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const cleanUps: (() => unknown)[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp();
  }
});

async function collector(...tls: Parameters<typeof Collector.open>): Promise<Collector> {
  const opened = await Collector.open(...tls);
  cleanUps.push(() => opened.close());
  return opened;
}

function transportTo(
  url: string,
  environment: Record<string, string> = {},
  names = createNameLookup(),
): Transport {
  const configuration = readOtlpConfiguration({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...environment },
    say: (line) => {
      throw new Error(line);
    },
    debug: () => {},
  });
  if (configuration === undefined) {
    throw new Error('the push is off');
  }
  const transport = createTransport(configuration, '1.2.3', names.lookup);
  cleanUps.push(() => transport.close());
  return transport;
}

const send = (
  transport: Transport,
  body = Buffer.alloc(0),
  timeoutMs = 5000,
  signal = never,
): Promise<Reply> => transport.send(body, timeoutMs, signal);

describe('a request', () => {
  test('carries the configured headers, and ours where they are needed', async () => {
    const { url, requests } = await collector();
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
    const { url, requests } = await collector();
    await send(transportTo(url.replace('//', '//user:p%40ss@')));
    expect(requests[0]?.headers).toMatchObject({
      'user-agent': 'Loopscope/1.2.3',
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    });
  });

  test('is compressed where that is asked for', async () => {
    const { url, requests } = await collector();
    const body = Buffer.from('metrics '.repeat(1000));
    await send(transportTo(url, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }), body);
    expect(requests[0]?.headers['content-encoding']).toBe('gzip');
    expect(Number(requests[0]?.headers['content-length'])).toBeLessThan(500);
    expect(requests[0]?.body.equals(body)).toBe(true);
  });

  test('goes over the connection of the one before', async () => {
    const opened = await collector();
    const transport = transportTo(opened.url);
    await send(transport);
    await send(transport);
    expect(opened.requests.map(({ connection }) => connection)).toEqual([1, 1]);
    transport.close();
    await waitUntil(() => opened.openConnections === 0, 'the connection is closed');
  });

  test('is repeated at once where the kept connection had just been closed', async () => {
    const opened = await collector();
    const transport = transportTo(opened.url);
    await send(transport);
    opened.reactions = [() => opened.reset(), (response) => response.end()];
    expect(await send(transport)).toMatchObject({ kind: 'answered', status: 200 });
    expect(opened.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  test('reaches a name by the resolver that is given', async () => {
    const opened = await collector();
    const dns = await openDnsServer({ 'collector.example': ['127.0.0.1'] });
    cleanUps.push(() => dns.close());
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
    const opened = await collector();
    opened.reactions = [(response) => response.writeHead(status, { 'retry-after': '7' }).end('body')];
    expect(await send(transportTo(opened.url))).toEqual({
      kind: 'answered',
      status,
      retryAfterMs: 7000,
      body: Buffer.from('body'),
    });
  });

  test('is read up to a bound', async () => {
    const opened = await collector();
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
    const opened = await collector();
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
    const opened = await collector();
    opened.reactions = [() => {}];
    const reply = await send(transportTo(opened.url), Buffer.alloc(0), 50);
    expect(reply).toEqual({ kind: 'failed', code: 'ETIMEDOUT' });
    await waitUntil(() => opened.openConnections === 0, 'the connection is closed');
  });

  test('comes from a collector that resets', async () => {
    const opened = await collector();
    opened.reactions = [() => opened.reset()];
    expect(await send(transportTo(opened.url))).toEqual({ kind: 'failed', code: 'ECONNRESET' });
    expect(opened.requests).toHaveLength(1);
  });

  test('comes from what speaks no HTTP', async () => {
    const server = createServer((socket: Socket) => {
      socket.on('error', () => {}).end('SSH-2.0-OpenSSH\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await send(transportTo(url))).toEqual({ kind: 'failed', code: 'HPE_INVALID_CONSTANT' });
  });

  test('is waited for after an abort: sockets go at once', async () => {
    const opened = await collector();
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

describe('TLS', () => {
  let certificates: Certificates;
  let good: IssuedCertificate;

  beforeAll(() => {
    certificates = createCertificates();
    good = certificates.issue('collector', { altName: 'IP:127.0.0.1,DNS:localhost' });
  });

  afterAll(() => certificates.remove());

  const https = ({ port }: Collector, host = '127.0.0.1'): string => `https://${host}:${port}`;

  test('trusts the authority of OTEL_EXPORTER_OTLP_CERTIFICATE', async () => {
    const opened = await collector(good);
    const environment = { OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.caPath };
    for (const host of ['127.0.0.1', 'localhost']) {
      const reply = await send(transportTo(https(opened, host), environment));
      expect(reply).toMatchObject({ kind: 'answered', status: 200 });
    }
  });

  test('trusts nobody else', async () => {
    const opened = await collector(good);
    const reply = await send(transportTo(https(opened)));
    expect(reply).toMatchObject({ kind: 'failed', code: expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED)/) });
    expect(opened.requests).toEqual([]);
  });

  test('refuses a certificate for another host, and one that is over', async () => {
    const environment = { OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.caPath };
    const other = await collector(certificates.issue('other', { altName: 'DNS:other.example' }));
    expect(await send(transportTo(https(other), environment))).toEqual({
      kind: 'failed',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const over = await collector(certificates.issue('over', { altName: 'IP:127.0.0.1', days: -1 }));
    expect(await send(transportTo(https(over), environment))).toEqual({
      kind: 'failed',
      code: 'CERT_HAS_EXPIRED',
    });
  });

  test('shows the client certificate', async () => {
    const opened = await collector({
      ...good,
      ca: certificates.ca,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const client = certificates.issue('client', { altName: 'DNS:client' });
    const environment = {
      OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.caPath,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.certPath,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: client.keyPath,
    };
    expect(await send(transportTo(https(opened), environment))).toMatchObject({ status: 200 });
    const { OTEL_EXPORTER_OTLP_CERTIFICATE } = environment;
    expect(await send(transportTo(https(opened), { OTEL_EXPORTER_OTLP_CERTIFICATE }))).toMatchObject({
      kind: 'failed',
    });
  });

  test('that meets plain HTTP, and the other way round, is an error', async () => {
    const plain = await collector();
    expect(await send(transportTo(https(plain)))).toMatchObject({ kind: 'failed' });
    const secure = await collector(good);
    expect(await send(transportTo(secure.url))).toMatchObject({ kind: 'failed' });
  });
});
