// Collectors as an OTLP exporter may find them: each takes a connection and then behaves in its way.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Collector extends AsyncDisposable {
  readonly url: string;
  /** Requests so far. */
  readonly requests: () => number;
  /** What was sent to a path, as it came. */
  readonly bodies: (path: string) => readonly Buffer[];
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

/** Of one path. */
const mostKept = 100;

/** Starts a collector on a free port. */
export async function startCollector(behaviour: Behaviour): Promise<Collector> {
  let requests = 0;
  const bodies = new Map<string, readonly Buffer[]>();
  const server = createServer((request, response) => {
    requests += 1;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      bodies.set(path, [...(bodies.get(path) ?? []), Buffer.concat(chunks)].slice(-mostKept));
    });
    behaviour(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    bodies: (path) => bodies.get(path) ?? [],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
