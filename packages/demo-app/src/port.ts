// TCP ports of the loopback interface.
import { type AddressInfo, createServer } from 'node:net';

/** The port that a variable names, the default where it is unset or empty, undefined where it is none. */
export function parsePort(value: string | undefined, defaultPort: number): number | undefined {
  if (value === undefined || value === '') {
    return defaultPort;
  }
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

/**
 * The wanted port if it can be bound now, else one that is free. Another process may take it before
 * it is used: the system gives free ports in no order, so that this is rare.
 */
export async function findPort(host: string, wanted: number): Promise<number> {
  return (await tryPort(host, wanted)) ?? (await tryPort(host, 0)) ?? 0;
}

function tryPort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const bound = (server.address() as AddressInfo).port;
      server.close(() => resolve(bound));
    });
  });
}
