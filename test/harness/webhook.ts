// A webhook as alerts meet one: it keeps what it is told, and answers as the test says.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, in the form of Alertmanager's webhooks. */
export interface Told {
  /** Unix milliseconds of its arrival. */
  readonly at: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Webhook extends AsyncDisposable {
  readonly url: string;
  readonly told: readonly Told[];
  /** `status` of each request of an alert that was answered with success, in their order. */
  readonly statuses: (alert: string) => readonly string[];
}

/** What it does with the next requests, in turn; then it takes all. */
export type Answer = (response: ServerResponse) => void;

export async function startWebhook(answers: readonly Answer[] = [], port = 0): Promise<Webhook> {
  const told: Told[] = [];
  const taken: Told[] = [];
  const next = [...answers];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        readonly alerts: readonly Pick<Told, 'status' | 'labels' | 'annotations'>[];
      };
      const { url: path = '', headers } = request;
      const all = body.alerts.map(({ status, labels, annotations }) => {
        return { at: Date.now(), path, headers, status, labels, annotations };
      });
      told.push(...all);
      const answer = next.shift();
      if (answer === undefined) {
        taken.push(...all);
        response.end();
      } else {
        answer(response);
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    statuses: (alert) =>
      taken.filter(({ labels }) => labels['alertname'] === alert).map(({ status }) => status),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
