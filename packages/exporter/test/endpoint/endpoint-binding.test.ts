import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { closeEndpoints, fetched, listening, open } from '../support/open-endpoint.ts';
import { open as connectRaw, readAll } from '../support/raw-client.ts';
import { RecordingContext } from '../support/recording-context.ts';
import { ticks } from '../support/ticks.ts';
import { waitUntil } from '../support/wait-until.ts';

afterEach(closeEndpoints);

describe('binding', () => {
  test('refuses a name, in one line', () => {
    const context = new RecordingContext({ host: 'example.com', endpointConfigured: true });
    expect(open(context).outlet).toBeUndefined();
    expect(context.said).toEqual([
      'the endpoint stays closed: LOOPSCOPE_HOST="example.com", expected an IP address or localhost',
    ]);
  });

  test('reaches localhost without a lookup', async () => {
    const context = new RecordingContext({ host: 'localhost' });
    open(context);
    expect(await listening(context)).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
  });

  test.each([true, false])(
    'takes a busy port over when it falls free (configured: %s)',
    async (endpointConfigured) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const context = new RecordingContext({ port, endpointConfigured });
      const { errors } = open(context, 1);
      const lines = endpointConfigured ? context.said : context.debugged;
      await waitUntil(() => lines.length > 0, 'the failure is told');
      expect(lines[0]).toBe(
        `the endpoint can't listen on LOOPSCOPE_HOST=127.0.0.1 LOOPSCOPE_PORT=${port}: the port is taken (EADDRINUSE)`,
      );
      other.close();
      const url = await listening(context);
      expect(url).toBe(`http://127.0.0.1:${port}`);
      expect((await fetched(`${url}/livez`)).status).toBe(200);
      expect(context.said).toHaveLength(endpointConfigured ? 1 : 0);
      expect(errors).toEqual([]);
    },
  );

  test('to an address of another machine fails in one line', async () => {
    const context = new RecordingContext({ host: '192.0.2.1', port: 9, endpointConfigured: true });
    open(context);
    await waitUntil(() => context.said.length > 0, 'the failure is told');
    expect(context.said).toEqual([
      "the endpoint can't listen on LOOPSCOPE_HOST=192.0.2.1 LOOPSCOPE_PORT=9: the address is not one of this machine (EADDRNOTAVAIL)",
    ]);
  });

  test('ends with stop, at once and for good', async () => {
    const context = new RecordingContext();
    const { outlet } = open(context);
    const url = await listening(context);
    await outlet?.stop();
    await outlet?.stop();
    await expect(fetched(`${url}/livez`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('ends with stop for those who are in the middle of a request, too', async () => {
    const context = new RecordingContext();
    const { outlet } = open(context);
    const socket = connectRaw(await listening(context));
    const answer = readAll(socket);
    // One whole request, so that the connection is known to be there, and a part of the next.
    socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nGET /livez HTTP/1.1\r\nHost:');
    await once(socket, 'data');
    await outlet?.stop();
    // Closed by us, not by the limit for slow headers, which would say 408.
    expect((await answer).statuses).toEqual([200]);
  });

  test('is known by the address as the system writes it', async () => {
    const context = new RecordingContext({ host: '0:0:0:0:0:0:0:1' });
    open(context);
    const url = await listening(context);
    expect(url).toMatch(/^http:\/\/\[::1\]:[0-9]+$/);
    expect((await fetched(`${url}/stalls`)).status).toBe(200);
  });

  test('does not happen after a stop that came first', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const context = new RecordingContext({ port });
    await open(context).outlet?.stop();
    // The port is free again as soon as another can have it.
    const other = createServer();
    const bind = async (): Promise<boolean> => {
      other.listen(port, '127.0.0.1');
      return Promise.race([
        once(other, 'listening').then(() => true),
        new Promise<boolean>((resolve) => other.once('error', () => resolve(false))),
      ]);
    };
    let bound = false;
    for (let attempt = 0; attempt < 100 && !bound; attempt++) {
      bound = await bind();
    }
    other.close();
    expect(bound).toBe(true);
    expect(context.urls).toEqual([]);
  });

  test('stops trying when stopped while the port is busy', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const context = new RecordingContext({ port });
    const { outlet, errors } = open(context, 1);
    await waitUntil(() => context.debugged.length === 3, 'some tries');
    await outlet?.stop();
    // The next try would have come sooner than this.
    await ticks(1, 50);
    other.close();
    expect([context.debugged.length, context.urls, errors]).toEqual([3, [], []]);
  });
});
