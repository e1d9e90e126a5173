// HTTP as bytes: what no client library would send, and what it would hide of the answer.
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly text: string;
  /** Status codes in their order, of all answers on the connection. */
  readonly statuses: readonly number[];
}

/** Sends bytes and gives all that comes back until the peer closes. A reset counts as closed. */
export async function sendRaw(
  url: string,
  bytes: string | Buffer | readonly (string | Buffer)[],
): Promise<RawAnswer> {
  const socket = open(url);
  const answer = readAll(socket);
  for (const part of [bytes].flat()) {
    socket.write(part);
  }
  return answer;
}

export function open(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
  socket.on('error', () => {});
  return socket;
}

export async function readAll(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  const text = Buffer.concat(chunks).toString();
  return { text, statuses: [...text.matchAll(/^HTTP\/1\.1 ([0-9]{3}) /gm)].map((match) => Number(match[1])) };
}

/** A request of HTTP/1.1 that asks for the connection to be closed. */
export function request(line: string, headers: readonly string[] = []): string {
  return [line, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n');
}
