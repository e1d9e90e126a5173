import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Certificates, createCertificates, type IssuedCertificate } from '../support/certificates.ts';
import type { Collector } from '../support/collector.ts';
import { closeAll, openCollector, send, transportTo } from '../support/open-transport.ts';

afterEach(closeAll);

let certificates: Certificates;
let good: IssuedCertificate;

beforeAll(() => {
  certificates = createCertificates();
  good = certificates.issue('collector', { altName: 'IP:127.0.0.1,DNS:localhost' });
});

afterAll(() => certificates.remove());

const https = ({ port }: Collector, host = '127.0.0.1'): string => `https://${host}:${port}`;

test('TLS trusts the authority of OTEL_EXPORTER_OTLP_CERTIFICATE', async () => {
  const opened = await openCollector(good);
  const environment = { OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.caPath };
  for (const host of ['127.0.0.1', 'localhost']) {
    const reply = await send(transportTo(https(opened, host), environment));
    expect(reply).toMatchObject({ kind: 'answered', status: 200 });
  }
});

test('TLS trusts nobody else', async () => {
  const opened = await openCollector(good);
  const reply = await send(transportTo(https(opened)));
  expect(reply).toMatchObject({ kind: 'failed', code: expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED)/) });
  expect(opened.requests).toEqual([]);
});

test('TLS refuses a certificate for another host, and one that is over', async () => {
  const environment = { OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.caPath };
  const other = await openCollector(certificates.issue('other', { altName: 'DNS:other.example' }));
  expect(await send(transportTo(https(other), environment))).toEqual({
    kind: 'failed',
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
  const over = await openCollector(certificates.issue('over', { altName: 'IP:127.0.0.1', days: -1 }));
  expect(await send(transportTo(https(over), environment))).toEqual({
    kind: 'failed',
    code: 'CERT_HAS_EXPIRED',
  });
});

test('TLS shows the client certificate', async () => {
  const opened = await openCollector({
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

test('TLS that meets plain HTTP, and the other way round, is an error', async () => {
  const plain = await openCollector();
  expect(await send(transportTo(https(plain)))).toMatchObject({ kind: 'failed' });
  const secure = await openCollector(good);
  expect(await send(transportTo(secure.url))).toMatchObject({ kind: 'failed' });
});
