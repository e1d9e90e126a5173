// Who may read what.
//
// On a loopback bind whoever is on the machine may read everything, unless a token is set. A web page
// must not, and a browser can reach loopback by DNS rebinding: so the Host header has to name this
// machine's loopback or the bound address.
//
// On any other bind only the three paths below answer, since scrapers and probes carry no token. Their
// Host is a pod's address, a service's name or a proxy's, and is not checked.
//
// A token, where one is set, is needed for all other paths on every bind, on loopback too: whoever
// sets one on a shared machine means it. It never closes the three public paths, and it makes the Host
// irrelevant: a page that rebinds doesn't know it.
//
// A foreign Origin, so another site's script, is refused everywhere.
import { isLoopback } from './bind-address.ts';

/** Open on every bind, with or without a token. */
export const publicPaths: ReadonlySet<string> = new Set(['/metrics', '/livez', '/readyz']);

export interface AccessRules {
  /** The address that is listened on, as the system writes it. */
  readonly address: string;
  readonly token: string | undefined;
}

/** What a request says about itself. */
export interface Claims {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

/** Why the path may not be read by who says this; undefined where it may. */
export function refuse(path: string, claims: Claims, rules: AccessRules): Refusal | undefined {
  if (claims.origin !== undefined && !isOwnOrigin(claims.origin, claims.host)) {
    return { status: 403, reason: 'Requests from other origins are refused.' };
  }
  const loopback = isLoopback(rules.address);
  if (!publicPaths.has(path) && rules.token !== undefined) {
    return presentsToken(claims.authorization, rules.token)
      ? undefined
      : {
          status: 401,
          reason: 'This path needs the token of LOOPSCOPE_TOKEN: Authorization: Bearer <token>.',
        };
  }
  if (!loopback && !publicPaths.has(path)) {
    return { status: 403, reason: 'Beyond loopback this path needs a token: set LOOPSCOPE_TOKEN.' };
  }
  if (loopback && !isOwnHost(claims.host, rules.address)) {
    return { status: 403, reason: 'The Host header names neither loopback nor the bound address.' };
  }
  return undefined;
}

// An absent Host is an HTTP/1.0 client, such as a load balancer's check: no browser leaves it out.
function isOwnHost(host: string | undefined, address: string): boolean {
  if (host === undefined) {
    return true;
  }
  const name = host
    .toLowerCase()
    .replace(/:[0-9]*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackLiteral(name) || name === address;
}

// The whole of it, so that `127.0.0.1.example.com` is not taken for an address.
function isLoopbackLiteral(name: string): boolean {
  return name === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(name);
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

// Digests have one length, which the constant-time comparison needs. Loaded here because node:crypto
// takes milliseconds of a start that mostly has no token.
function presentsToken(authorization: string | undefined, token: string): boolean {
  const presented = /^bearer +(.+)$/i.exec(authorization ?? '')?.[1];
  if (presented === undefined) {
    return false;
  }
  const { createHash, timingSafeEqual } = process.getBuiltinModule('node:crypto');
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(presented), digest(token));
}
