// A small HTTP server for a hostile network inside somebody's process: few connections, short times,
// small requests, no bodies. Nothing that a client does or leaves undone holds more than a socket for
// some seconds, throws, or keeps the thread alive.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Answer, plainText } from './answer.ts';
import { Connections } from './connections.ts';

/** Bounds of what a client may take. */
export interface ServerLimits {
  readonly connections: number;
  readonly headerBytes: number;
  /** Requests on one connection, so also how many pipelined answers may pile up. */
  readonly requestsPerConnection: number;
  /** From the connection, or a request's first byte, to its last header. */
  readonly headersMs: number;
  /** From a request's first byte to its last. */
  readonly requestMs: number;
  /** From a request's arrival to the last byte that the client takes of the answer. */
  readonly answerMs: number;
  /** Between requests. */
  readonly idleMs: number;
}

export const defaultLimits: ServerLimits = {
  connections: 16,
  headerBytes: 8 * 1024,
  requestsPerConnection: 100,
  headersMs: 5_000,
  requestMs: 5_000,
  answerMs: 10_000,
  idleMs: 5_000,
};

const securityHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Makes a server that is not listening yet; `answer` must not reject. */
export function createHttpServer(
  answer: (request: IncomingMessage) => Promise<Answer>,
  limits: ServerLimits = defaultLimits,
): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(limits.headersMs, limits.requestMs) / 2,
    insecureHTTPParser: false,
    requireHostHeader: true,
  });
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.timeout = limits.answerMs;
  server.unref();

  const connections = new Connections(limits.connections);
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    connections.answerBegins(socket);
    // The socket's own timeout is restarted by each byte that is taken, so a reader of one byte per
    // second would stay for ever.
    const timer = setTimeout(() => socket.destroy(), limits.answerMs);
    timer.unref();
    response.once('close', () => {
      clearTimeout(timer);
      connections.answerEnds(socket);
    });
  };
  // No body is wanted, so there is nothing to continue.
  const refuseExpectation = (request: IncomingMessage, response: ServerResponse): void => {
    begin(request, response);
    write(request, response, plainText(417, 'No body is expected.', { Connection: 'close' }));
  };
  server.on('connection', (socket) => connections.admit(socket));
  server.on('dropRequest', (_request, socket) => connections.overdraw(socket as Socket));
  server.on('request', (request, response) => {
    begin(request, response);
    void answer(request).then((answered) => write(request, response, answered));
  });
  server.on('checkContinue', refuseExpectation);
  server.on('checkExpectation', refuseExpectation);
  server.on('connect', (_request, socket) => {
    closeWith(socket, '405 Method Not Allowed', ['Allow: GET, HEAD']);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    closeWith(socket, clientErrorStatuses[error.code ?? ''] ?? '400 Bad Request');
  });
  return server;
}

const clientErrorStatuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function write(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  // A body is dropped with its connection: reading it to the end would be at the client's pace.
  const bodied =
    request.headers['transfer-encoding'] !== undefined || request.headers['content-length'] !== undefined;
  response.writeHead(answer.status, {
    ...securityHeaders,
    ...(bodied ? { Connection: 'close' } : {}),
    ...answer.headers,
    'Content-Type': answer.contentType,
    'Content-Length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

// For a socket that left HTTP, by CONNECT or by a malformed request. HTTP's own listeners may be gone
// from it: an `error` without ours would be uncaught. An answer under way is not written into.
function closeWith(socket: Duplex, status: string, headers: readonly string[] = []): void {
  socket.on('error', () => {});
  const untouched = (socket as Duplex & { readonly bytesWritten?: number }).bytesWritten === 0;
  if (!socket.writable || !untouched) {
    socket.destroy();
    return;
  }
  const head = [`HTTP/1.1 ${status}`, 'Connection: close', 'Content-Length: 0', ...headers];
  socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}
