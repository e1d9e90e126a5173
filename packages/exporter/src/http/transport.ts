// One attempt at a time to hand bytes to a server, over a connection that is kept. Nothing here uses the
// libuv pool: names go through c-ares, compression is synchronous. It knows neither what it carries nor
// for whom: OTLP and alerts build on it.
import * as http from 'node:http';
import type { LookupFunction } from 'node:net';
import { parseRetryAfter } from './retry-policy.ts';

/** How an attempt ended: with an answer, or with the code of what kept it from one. */
export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfterMs: number | undefined;
      /** Empty where it was longer than is read. */
      readonly body: Buffer;
    }
  | { readonly kind: 'failed'; readonly code: string };

/** PEM texts for a TLS connection. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Where the bytes go, and what is said of them there. */
export interface Destination {
  /** `http:` or `https:`; user and password in it become basic authentication. */
  readonly url: URL;
  readonly contentType: string;
  /** Lower-case names; they win over `user-agent`, and the transport's own win over them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip';
  readonly tls: TlsFiles;
}

export interface Transport {
  /** Never rejects. */
  send(body: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<Reply>;
  /** Closes the kept connection. */
  close(): void;
}

// An answer is a short message about what was rejected; a longer one is not worth its memory.
const longestAnswerBytes = 64 * 1024;

export function createTransport(
  destination: Destination,
  version: string,
  lookup: LookupFunction,
): Transport {
  const { url, contentType, compression, tls } = destination;
  // TLS and zlib are loaded only by those who use them.
  const { Agent, request: makeRequest } =
    url.protocol === 'https:' ? process.getBuiltinModule('node:https') : http;
  const gzip = compression === 'gzip' ? process.getBuiltinModule('node:zlib').gzipSync : undefined;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1, lookup, ...tls });
  const headers: Readonly<Record<string, string>> = {
    'user-agent': `Loopscope/${version}`,
    ...destination.headers,
    'content-type': contentType,
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
  };

  const attempt = (body: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<Attempt> =>
    new Promise((resolve) => {
      const request = makeRequest(url, {
        method: 'POST',
        agent,
        signal,
        headers: { ...headers, 'content-length': body.length },
      });
      // Of the whole attempt, from the name's lookup on.
      const timer = setTimeout(() => request.destroy(withCode('ETIMEDOUT')), timeoutMs);
      timer.unref();
      const settle = (reply: Reply): void => {
        clearTimeout(timer);
        resolve({ reply, reused: request.reusedSocket });
      };
      request.on('socket', (socket) => socket.unref());
      request.on('error', (error: NodeJS.ErrnoException) => settle({ kind: 'failed', code: codeOf(error) }));
      request.on('response', (response) => readAnswer(response, settle));
      request.end(body);
    });

  return {
    async send(data, timeoutMs, signal) {
      try {
        const body = gzip ? gzip(data) : data;
        const began = performance.now();
        const { reply, reused } = await attempt(body, timeoutMs, signal);
        // The server closed the kept connection just as it was used again: nobody's failure.
        if (reply.kind === 'failed' && reused && ['ECONNRESET', 'EPIPE'].includes(reply.code)) {
          return (await attempt(body, Math.max(1, timeoutMs - (performance.now() - began)), signal)).reply;
        }
        return reply;
      } catch (error) {
        return { kind: 'failed', code: codeOf(error) };
      }
    },
    close: () => agent.destroy(),
  };
}

interface Attempt {
  readonly reply: Reply;
  /** Whether it went over a kept connection. */
  readonly reused: boolean;
}

function readAnswer(response: http.IncomingMessage, settle: (reply: Reply) => void): void {
  const status = response.statusCode ?? 0;
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], Date.now());
  const answered = (body: Buffer): void => settle({ kind: 'answered', status, retryAfterMs, body });
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length > longestAnswerBytes) {
      answered(Buffer.alloc(0));
      response.destroy();
    }
  });
  response.on('end', () => answered(Buffer.concat(chunks)));
  // The status has said what counts, however the body ends; a body that never ends is cut off by the
  // attempt's timer.
  response.on('error', () => answered(Buffer.alloc(0)));
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name ?? 'unknown';
}
