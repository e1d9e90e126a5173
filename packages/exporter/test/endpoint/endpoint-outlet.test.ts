import type { Stall } from '@loopscope/sdk/telemetry';
import { afterEach, describe, expect, test } from 'vitest';
import { closeEndpoints, fetched, listening, open } from '../support/open-endpoint.ts';
import { RecordingContext } from '../support/recording-context.ts';
import { stall as stallOf } from '../support/stall.ts';

afterEach(closeEndpoints);

describe('the paths', () => {
  test('answer with what the source holds, whoever else is blocked', async () => {
    const context = new RecordingContext();
    context.source.currentHealth = { stoppedMs: 5000, saturated: true, utilization: 1 };
    open(context);
    const url = await listening(context);
    expect(await fetched(`${url}/metrics?name=x`)).toMatchObject({
      status: 200,
      body: 'metric 1\n',
      headers: {
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
        'content-length': '9',
        vary: 'Accept',
      },
    });
    const accept = { headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' } };
    expect(await fetched(`${url}/metrics`, accept)).toMatchObject({
      body: '# EOF\n',
      headers: { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' },
    });
    expect(await fetched(`${url}/livez`)).toMatchObject({
      status: 200,
      body: '{"status":"saturated","stoppedMs":5000,"saturated":true,"utilization":1}\n',
    });
    expect(await fetched(`${url}/readyz`)).toMatchObject({
      status: 503,
      body: '{"status":"stopped","stoppedMs":5000,"saturated":true,"utilization":1}\n',
    });
    expect((await fetched(url)).body).toMatch(
      /^Loopscope\n\/metrics .*\n\/stalls .*\n\/tasks .*\n\/livez .*\n\/readyz .*\n$/,
    );
  });

  test('follow the options for health', async () => {
    const context = new RecordingContext({ livezStoppedMs: 1000, readyzSaturated: true });
    open(context);
    const url = await listening(context);
    context.source.currentHealth = { stoppedMs: 1000, saturated: false };
    expect((await fetched(`${url}/livez`)).status).toBe(503);
    context.source.currentHealth = { stoppedMs: 0, saturated: true };
    expect((await fetched(`${url}/livez`)).status).toBe(200);
    expect((await fetched(`${url}/readyz`)).status).toBe(503);
  });

  test('list stalls newest first as the source does, with times to read', async () => {
    const context = new RecordingContext();
    const stall = (id: string): Stall => ({
      id,
      thread: { id: 0, name: 'main' },
      state: 'closed',
      phase: 'running',
      startedAt: 1_790_000_000_000,
      durationMs: 120.5,
      suspendedMs: 0,
      inspectorOpen: false,
      cause: 'cpu',
      evidence: {},
      advice: '',
      victims: { requests: 0, lostMs: 0 },
      captures: [],
    });
    context.source.currentStalls = [stall('b'), stall('a')];
    open(context);
    const { status, headers, body } = await fetched(`${await listening(context)}/stalls`);
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(body)).toEqual({
      stalls: [
        { ...stall('b'), startedAtIso: '2026-09-21T14:13:20.000Z' },
        { ...stall('a'), startedAtIso: '2026-09-21T14:13:20.000Z' },
      ],
    });
  });

  test('answer HEAD with the same head and no body', async () => {
    const context = new RecordingContext();
    open(context);
    const answer = await fetched(`${await listening(context)}/metrics`, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '', headers: { 'content-length': '9' } });
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'refuse %s',
    async (method) => {
      const context = new RecordingContext();
      open(context);
      const answer = await fetched(`${await listening(context)}/metrics`, { method });
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    },
  );

  test.each(['/metrics/', '//metrics', '/Metrics', '/x', '/stalls/1', '/%2e%2e/etc/passwd', '/constructor'])(
    'do not include %s',
    async (path) => {
      const context = new RecordingContext();
      open(context);
      expect((await fetched((await listening(context)) + path)).status).toBe(404);
    },
  );

  test('carry security headers, whatever the answer', async () => {
    const context = new RecordingContext();
    open(context);
    const url = await listening(context);
    const paths = ['/metrics', '/stalls', '/nothing'];
    for (const { headers } of await Promise.all(paths.map((path) => fetched(url + path)))) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': "default-src 'none'",
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test("give a stall's profile as a file, and name it in the list", async () => {
    const context = new RecordingContext();
    context.source.currentStalls = [stallOf({ id: '3' }), stallOf({ id: '2' })];
    context.source.profiles.set('3', Buffer.from('{"nodes":[]}'));
    open(context);
    const url = await listening(context);
    const { body } = await fetched(`${url}/stalls`);
    const { stalls } = JSON.parse(body) as { stalls: { id: string; cpuProfile?: string }[] };
    expect(stalls.map(({ id, cpuProfile }) => [id, cpuProfile])).toEqual([
      ['3', '/stalls/3.cpuprofile'],
      ['2', undefined],
    ]);
    const file = await fetched(`${url}/stalls/3.cpuprofile`);
    expect([file.status, file.body]).toEqual([200, '{"nodes":[]}']);
    expect(file.headers['content-disposition']).toBe('attachment; filename="stall-3.cpuprofile"');
    for (const path of ['/stalls/2.cpuprofile', '/stalls/x.cpuprofile', '/stalls/3.cpuprofile/']) {
      expect((await fetched(url + path)).status).toBe(404);
    }
  });

  test('answer 500 where the source fails, and count it, but do not fail liveness', async () => {
    const context = new RecordingContext();
    const { errors } = open(context);
    const url = await listening(context);
    context.source.failure = new Error('broken');
    expect(await fetched(`${url}/stalls`)).toMatchObject({ status: 500, body: 'This path failed.\n' });
    expect(await fetched(`${url}/livez`)).toMatchObject({ status: 200, body: '{"status":"unknown"}\n' });
    expect(errors).toEqual([context.source.failure, context.source.failure]);
  });
});

describe('access', () => {
  test('is refused to a page of another name', async () => {
    const context = new RecordingContext();
    open(context);
    const url = await listening(context);
    expect((await fetched(`${url}/stalls`, { headers: { Host: 'rebound.example' } })).status).toBe(403);
    expect((await fetched(`${url}/metrics`, { headers: { Origin: 'http://evil.example' } })).status).toBe(
      403,
    );
  });

  test('on every interface is to the public paths alone, and to all with the token', async () => {
    const context = new RecordingContext({ host: '0.0.0.0', token: 'secret-token' });
    open(context);
    const url = await listening(context);
    const headers = { Host: 'shop.prod.svc' };
    expect((await fetched(`${url}/metrics`, { headers })).status).toBe(200);
    const refused = await fetched(`${url}/stalls`, { headers });
    expect(refused).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    const authorized = { ...headers, Authorization: 'Bearer secret-token' };
    expect((await fetched(`${url}/stalls`, { headers: authorized })).status).toBe(200);
  });

  test('on every interface is never to more than the public paths without a token', async () => {
    const context = new RecordingContext({ host: '::' });
    open(context);
    const url = await listening(context);
    expect(url).toMatch(/^http:\/\/\[::1\]:[0-9]+$/);
    expect((await fetched(`${url}/stalls`)).status).toBe(403);
    expect((await fetched(`${url}/livez`)).status).toBe(200);
  });
});
