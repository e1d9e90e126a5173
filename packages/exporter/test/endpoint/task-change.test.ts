import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { parseTaskChange } from '../../src/endpoint/task-change.ts';
import { closeEndpoints, type Fetched, fetched, listening, open } from '../support/open-endpoint.ts';
import { RecordingContext } from '../support/recording-context.ts';

afterEach(closeEndpoints);

describe('a query', () => {
  test.each([
    ['/tasks?level=rate', { level: 'rate' }],
    ['/tasks?level=counts&promises=true', { level: 'counts', promises: true }],
    [
      '/tasks?level=census&seconds=10&promises=false&type=Timeout#x',
      { level: 'census', seconds: 10, promises: false, type: 'Timeout' },
    ],
    ['/tasks?type=job%20one&level=census', { level: 'census', type: 'job one' }],
  ])('%s is understood', (url, change) => {
    expect(parseTaskChange(url)).toEqual({ kind: 'change', change });
  });

  test.each([
    ['/tasks', '"level" is nothing, expected one of off, rate, counts, census.'],
    ['/tasks?', '"level" is nothing'],
    ['/tasks?level=all', '"level" is "all"'],
    ['/tasks?level=census&seconds=0', '"seconds" is "0", expected a whole number from 1 to 60.'],
    ['/tasks?level=census&seconds=1e1', '"seconds" is "1e1"'],
    ['/tasks?level=census&seconds=-1', '"seconds" is "-1"'],
    ['/tasks?level=census&seconds=', '"seconds" is ""'],
    ['/tasks?level=census&seconds=99999999999999999999', '"seconds" is "99999999999999999999"'],
    ['/tasks?level=rate&seconds=5', '"seconds" is "5", expected none'],
    ['/tasks?level=census&promises=1', '"promises" is "1", expected true or false.'],
    ['/tasks?level=census&level=rate', '"level" is given twice.'],
    ['/tasks?level=rate&__proto__=1', '"__proto__" is "1", expected one of the fields'],
    ['/tasks?level=rate&constructor=1', '"constructor" is "1"'],
    ['/tasks?level=%00%1b[31m', '"level" is "\\u0000\\u001b[31m"'],
  ])('%s is refused by name', (url, reason) => {
    const parsed = parseTaskChange(url);
    expect(parsed).toMatchObject({ kind: 'fault', reason: expect.stringContaining(reason) });
  });

  test('of thousands of characters is refused in few', () => {
    const parsed = parseTaskChange(`/tasks?level=${'x'.repeat(7000)}`);
    expect(parsed.kind === 'fault' && parsed.reason.length).toBeLessThan(200);
  });
});

async function posted(url: string, headers: Record<string, string> = {}, body = ''): Promise<Fetched> {
  const asked = request(url, { method: 'POST', agent: false, headers });
  asked.end(body);
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
  }
  return { status: response.statusCode, headers: response.headers, body: text };
}

describe('POST /tasks', () => {
  test('hands the change on, and says that it is accepted', async () => {
    const context = new RecordingContext();
    open(context);
    const answer = await posted(`${await listening(context)}/tasks?level=census&seconds=3`);
    expect(answer).toMatchObject({ status: 202, body: '{"accepted":{"level":"census","seconds":3}}\n' });
    expect(context.source.changes).toEqual([{ level: 'census', seconds: 3 }]);
  });

  test('refuses what it does not understand, and what it can not have', async () => {
    const context = new RecordingContext();
    open(context);
    const url = await listening(context);
    expect(await posted(`${url}/tasks?level=high`)).toMatchObject({
      status: 400,
      body: '"level" is "high", expected one of off, rate, counts, census.\n',
    });
    expect((await posted(`${url}/tasks?level=rate`, {}, '{"level":"counts"}')).status).toBe(400);
    expect(context.source.changes).toEqual([]);
    context.source.refusal = 'not on this Node';
    expect(await posted(`${url}/tasks?level=counts`)).toMatchObject({
      status: 409,
      body: 'Not possible: not on this Node.\n',
    });
  });

  test('is refused to other sites, to other names, and without the token where there is one', async () => {
    const context = new RecordingContext({ token: 'secret-token' });
    open(context);
    const url = `${await listening(context)}/tasks?level=rate`;
    const statuses = await Promise.all(
      [
        { Origin: 'http://evil.example' },
        {},
        { Host: 'rebound.example' },
        { Authorization: 'Bearer secret-token' },
      ].map(async (headers) => (await posted(url, headers as Record<string, string>)).status),
    );
    expect(statuses).toEqual([403, 401, 401, 202]);
    expect(context.source.changes).toHaveLength(1);
    const tokenless = new RecordingContext();
    open(tokenless);
    const own = `${await listening(tokenless)}/tasks?level=rate`;
    expect((await posted(own, { Host: 'rebound.example' })).status).toBe(403);
    expect((await posted(own, { Origin: 'http://evil.example' })).status).toBe(403);
  });

  test('on every interface is refused without a token', async () => {
    const context = new RecordingContext({ host: '0.0.0.0' });
    open(context);
    expect((await posted(`${await listening(context)}/tasks?level=rate`)).status).toBe(403);
  });

  test('is the only change: other paths and methods are refused with what is allowed', async () => {
    const context = new RecordingContext();
    open(context);
    const url = await listening(context);
    expect(await posted(`${url}/stalls`)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      expect(await fetched(`${url}/tasks?level=rate`, { method })).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD, POST' },
      });
    }
    expect(context.source.changes).toEqual([]);
  });

  test('GET changes nothing, and tells what the source does', async () => {
    const context = new RecordingContext();
    context.source.currentTasks = {
      threads: [{ thread: 'main', level: 'rate', promises: false, operationsPerSecond: 12.5 }],
      leaks: [],
    };
    open(context);
    const answer = await fetched(`${await listening(context)}/tasks?level=census`);
    expect(JSON.parse(answer.body)).toEqual(context.source.currentTasks);
    expect(context.source.changes).toEqual([]);
  });
});
