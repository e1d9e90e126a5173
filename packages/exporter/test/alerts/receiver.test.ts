import { afterEach, describe, expect, test } from 'vitest';
import { alertmanagerReceiver, standardErrorReceiver, webhookReceiver } from '../../src/alerts/receiver.ts';
import { createTransport, type Reply } from '../../src/http/transport.ts';
import { createNameLookup } from '../../src/resolver/name-lookup.ts';
import { alert } from '../support/alert.ts';
import { closeAll, onClose, openCollector } from '../support/open-transport.ts';

afterEach(closeAll);

const calm = new AbortController().signal;
const stall = {
  id: '7',
  durationMs: 1500,
  phase: 'running',
  cause: 'cpu',
  advice: 'Do less.',
  culprit: 'sum /srv/a.js:1',
  request: 'GET /orders/:id',
  traceId: 'a'.repeat(32),
};
const startsAt = '2026-11-22T12:00:00.000Z';
const resolved = alert({ status: 'resolved', endsAt: Date.parse('2026-11-22T12:00:03Z') });

function transportTo(url: URL): () => ReturnType<typeof createTransport> {
  return () => {
    const destination = {
      url,
      contentType: 'application/json',
      headers: {},
      compression: 'none',
      tls: {},
    } as const;
    const transport = createTransport(destination, '1.2.3', createNameLookup().lookup);
    onClose(() => transport.close());
    return transport;
  };
}

describe('an Alertmanager', () => {
  test('is told of all at once, each in its latest state, with an end ahead of those that fire', async () => {
    const { url, requests } = await openCollector();
    const receiver = alertmanagerReceiver(new URL(url), transportTo(new URL(url)));
    const other = alert({ fingerprint: 'b', stall });
    const began = Date.now();
    expect(await receiver.send([alert(), other, resolved], 5000, calm)).toMatchObject({ status: 200 });
    const body = JSON.parse(String(requests[0]?.body)) as { endsAt: string }[];
    const { labels, summary } = resolved;
    expect(body).toEqual([
      {
        labels,
        annotations: { summary, value: '1500' },
        startsAt,
        endsAt: '2026-11-22T12:00:03.000Z',
      },
      {
        labels,
        annotations: {
          summary,
          value: '1500',
          stall: '7',
          cause: 'cpu',
          advice: 'Do less.',
          culprit: stall.culprit,
          request: stall.request,
          trace_id: stall.traceId,
        },
        startsAt,
        endsAt: expect.any(String),
      },
    ]);
    expect(Date.parse(body[1]?.endsAt ?? '')).toBeGreaterThanOrEqual(began + 240_000);
  });
});

describe('a webhook', () => {
  test('is told in the form of those of Alertmanager', async () => {
    const { url, requests } = await openCollector();
    const receiver = webhookReceiver(new URL(url), transportTo(new URL(url)));
    await receiver.send([alert()], 5000, calm);
    await receiver.send([resolved], 5000, calm);
    const bodies = requests.map(({ body }) => JSON.parse(String(body)) as object);
    const { labels, fingerprint, summary } = resolved;
    const group = {
      version: '4',
      groupKey: fingerprint,
      truncatedAlerts: 0,
      receiver: 'loopscope',
      groupLabels: { alertname: 'blocked' },
      commonLabels: labels,
      commonAnnotations: { summary, value: '1500' },
      externalURL: '',
    };
    const one = { labels, annotations: group.commonAnnotations, startsAt, generatorURL: '', fingerprint };
    const firing = { ...one, status: 'firing', endsAt: '0001-01-01T00:00:00Z' };
    const ended = { ...one, status: 'resolved', endsAt: '2026-11-22T12:00:03.000Z' };
    expect(bodies).toEqual([
      { ...group, status: 'firing', alerts: [firing] },
      { ...group, status: 'resolved', alerts: [ended] },
    ]);
  });
});

test('standard error is told in a JSON line', async () => {
  const written: string[] = [];
  const receiver = standardErrorReceiver((text) => written.push(text));
  expect(await receiver.send([alert({ summary: 'two\nlines' })], 0, calm)).toMatchObject({ status: 200 });
  await receiver.send([resolved], 0, calm);
  expect(written.map((line) => line.indexOf('\n') === line.length - 1)).toEqual([true, true]);
  expect(written.map((line) => JSON.parse(line) as object)).toEqual([
    { ...alert({ summary: 'two\nlines' }), time: startsAt, loopscope: 'alert', startsAt },
    {
      ...resolved,
      time: '2026-11-22T12:00:03.000Z',
      loopscope: 'alert',
      startsAt,
      endsAt: '2026-11-22T12:00:03.000Z',
    },
  ]);
});

test.each([
  ['EAGAIN', true],
  ['EPIPE', false],
  ['EBADF', false],
])('standard error that fails with %s is tried again: %s', async (code, again) => {
  const receiver = standardErrorReceiver(() => {
    throw Object.assign(new Error(code), { code });
  });
  const reply = await receiver.send([alert()], 0, calm);
  expect(reply).toEqual({ kind: 'failed', code });
  expect(receiver.mayRetry(reply)).toBe(again);
});

describe('a server', () => {
  const receiver = webhookReceiver(new URL('https://user:pass@hooks.example.com:8443/secret?key=a'), () => {
    throw new Error('not used');
  });

  test('is shown without path and credentials', () => {
    expect(receiver.place).toBe('https://hooks.example.com:8443');
  });

  test.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [413, false],
    [429, true],
    [500, true],
    [503, true],
    [301, false],
  ])('that answers %i is asked again: %s', (status, again) => {
    const reply: Reply = { kind: 'answered', status, retryAfterMs: undefined, body: Buffer.alloc(0) };
    expect(receiver.mayRetry(reply)).toBe(again);
  });

  test('that can not be reached is asked again, but not one that can not be trusted', () => {
    expect(receiver.mayRetry({ kind: 'failed', code: 'ECONNREFUSED' })).toBe(true);
    expect(receiver.mayRetry({ kind: 'failed', code: 'CERT_HAS_EXPIRED' })).toBe(false);
  });
});
