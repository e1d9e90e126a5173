// Where the endpoint binds, and how that is written. Names are not resolved: `localhost` is
// 127.0.0.1, and anything else has to be an address.
import { isIP } from 'node:net';

/** The address that the host option stands for; undefined where it is neither an address nor `localhost`. */
export function bindAddress(host: string): string | undefined {
  if (host.toLowerCase() === 'localhost') {
    return '127.0.0.1';
  }
  const address = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return isIP(address) === 0 ? undefined : address;
}

/** Whether an address, written as the system writes it, can be reached from this machine alone. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** The URL to open on this machine for what listens there; for the unspecified address, by loopback. */
export function urlOf(address: string, port: number): string {
  const reachable = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`;
}
