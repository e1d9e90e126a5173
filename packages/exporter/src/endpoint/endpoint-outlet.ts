// The HTTP endpoint as a way out. It binds when it is made and tries again for as long as it lives, so
// that a process which replaces another takes the port over when the other one ends.
import type { IncomingMessage, Server } from 'node:http';
import type { Outlet, OutletContext } from '@loopscope/sdk/telemetry';
import { shown } from '../environment.ts';
import type { TextFormat } from '../shared/text-format.ts';
import { bindAddress, urlOf } from './bind-address.ts';
import { createHttpServer } from './http-server.ts';
import { mayListen } from './listen-permission.ts';
import { answerRequest } from './request-handler.ts';

export const endpointName = 'prometheus';

export interface EndpointParts {
  readonly context: OutletContext;
  scrape(format: TextFormat): Promise<Buffer>;
  /** Told of a failure in collecting or answering. */
  onError(error: unknown): void;
  /** The first wait before the next try to bind; it doubles up to 30 s. */
  readonly firstRetryMs?: number;
}

const longestRetryMs = 30_000;

const bindFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken',
  EACCES: 'binding it is not permitted',
  EADDRNOTAVAIL: 'the address is not one of this machine',
  ERR_ACCESS_DENIED: "Node's permission model forbids it (--allow-net)",
};

/** Opens the endpoint; undefined where its host is not an address. */
export function openEndpoint(parts: EndpointParts): Outlet | undefined {
  const { host } = parts.context.options;
  const address = bindAddress(host);
  if (address === undefined) {
    parts.context.say(
      `the endpoint stays closed: LOOPSCOPE_HOST=${shown(host)}, expected an IP address or localhost`,
    );
    return undefined;
  }
  const endpoint = new Endpoint(parts, address);
  endpoint.bind();
  return endpoint;
}

class Endpoint implements Outlet {
  readonly name = endpointName;
  readonly #parts: EndpointParts;
  readonly #server: Server;
  readonly #wanted: string;
  #address: string;
  #state: 'binding' | 'listening' | 'stopped' = 'binding';
  #retry: NodeJS.Timeout | undefined;
  #retryMs: number;

  constructor(parts: EndpointParts, address: string) {
    this.#parts = parts;
    this.#wanted = address;
    this.#address = address;
    this.#retryMs = parts.firstRetryMs ?? 1_000;
    this.#server = createHttpServer((request) => this.#answer(request));
    this.#server.on('listening', () => this.#listening());
    this.#server.on('error', (error) => this.#failed(error));
  }

  bind(): void {
    if (!mayListen(process)) {
      this.#tell('ERR_ACCESS_DENIED');
      return;
    }
    try {
      // Exclusive: the workers of a cluster would otherwise share one port and alternate in answering.
      this.#server.listen({
        host: this.#wanted,
        port: this.#parts.context.options.port,
        backlog: 64,
        exclusive: true,
      });
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  async flush(): Promise<void> {}

  stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#retry);
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage): ReturnType<typeof answerRequest> {
    const { context, scrape, onError } = this.#parts;
    const { source, options } = context;
    const access = { address: this.#address, token: options.token };
    return answerRequest(request, { source, options, access, scrape, onError });
  }

  #listening(): void {
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') {
      return;
    }
    this.#state = 'listening';
    this.#address = bound.address;
    this.#parts.context.listening(urlOf(bound.address, bound.port));
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#state !== 'binding') {
      // A connection that could not be accepted, for want of descriptors.
      this.#parts.onError(error);
      return;
    }
    this.#tell(error.code ?? error.name);
    this.#retry = setTimeout(() => this.bind(), this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  #tell(code: string): void {
    const { options, say, debug } = this.#parts.context;
    const { host, port, endpointConfigured } = options;
    const reason = bindFailures[code] ?? 'binding it failed';
    const line = `the endpoint can't listen on LOOPSCOPE_HOST=${host} LOOPSCOPE_PORT=${port}: ${reason} (${code})`;
    if (endpointConfigured) {
      say(line);
    } else {
      debug(line);
    }
  }
}
