// Collectors as an OTLP exporter may find them: each takes a connection and then behaves in its way.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Collector extends AsyncDisposable {
  readonly url: string;
  /** Requests so far. */
  readonly requests: () => number;
}

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Takes what it is sent. */
export const accepts: Behaviour = (_request, response) => response.writeHead(200).end();
/** Reads and never answers. */
export const hangs: Behaviour = () => {};
/** Wants everything to be sent again, later. */
export const overloaded: Behaviour = (_request, response) => response.writeHead(503).end();
/** Wants nothing of it. */
export const refuses: Behaviour = (_request, response) => response.writeHead(400).end('no');
/** Breaks the connection. */
export const resets: Behaviour = (request) => request.socket.resetAndDestroy();
/** Answers without end, a byte at a time. */
export const dribbles: Behaviour = (request, response) => {
  const timer = setInterval(() => response.write('x'), 20);
  request.socket.on('close', () => clearInterval(timer));
};

/** Starts a collector on a free port. */
export async function startCollector(behaviour: Behaviour): Promise<Collector> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    behaviour(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
