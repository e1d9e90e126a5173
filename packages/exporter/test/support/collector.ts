// A real HTTP server that takes OTLP metrics and answers as the test says.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeJson, decodeProtobuf, type ReceivedMetrics } from './otlp-metrics.ts';
import { waitUntil } from './wait-until.ts';

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The connection it came over, from 1. */
  readonly connection: number;
  metrics(): ReceivedMetrics;
}

export type Reaction = (response: ServerResponse, request: ReceivedRequest) => void;

export const accept: Reaction = (response) => response.writeHead(200).end();

export class Collector {
  readonly requests: ReceivedRequest[] = [];
  /** Reactions to the next requests; the last one stays. */
  reactions: Reaction[] = [accept];
  readonly #sockets: Socket[] = [];
  readonly #server: Server;
  #port = 0;

  private constructor(tls?: ServerOptions) {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#received(request, response, Buffer.concat(chunks)));
      request.on('error', () => {});
    };
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    // A kept connection stays until the exporter closes it.
    this.#server.keepAliveTimeout = 0;
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      socket.on('error', () => {});
      this.#sockets.push(socket);
    });
  }

  static async open(tls?: ServerOptions): Promise<Collector> {
    const collector = new Collector(tls);
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    collector.#port = (collector.#server.address() as AddressInfo).port;
    return collector;
  }

  /** Also after it has been closed. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openConnections(): number {
    return this.#sockets.filter((socket) => !socket.destroyed).length;
  }

  async received(count: number): Promise<void> {
    await waitUntil(() => this.requests.length >= count, `${count} requests at the collector`);
  }

  /** Resets the connections that are open. */
  reset(): void {
    for (const socket of this.#sockets) {
      socket.resetAndDestroy();
    }
  }

  // Bound, since a test may take it out.
  readonly close = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  };

  #received({ method, url, headers, socket }: IncomingMessage, response: ServerResponse, raw: Buffer): void {
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const decode = headers['content-type'] === 'application/json' ? decodeJson : decodeProtobuf;
    const connection = this.#sockets.indexOf(socket) + 1;
    const request = { method, path: url, headers, body, connection, metrics: () => decode(body) };
    this.requests.push(request);
    const reaction = this.reactions.length > 1 ? this.reactions.shift() : this.reactions[0];
    (reaction ?? accept)(response, request);
  }
}
