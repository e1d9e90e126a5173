// Failed requests in words. Only the scheme, host and port of a server are shown: the rest of a URL, and
// every header, may hold credentials.
import type { Reply } from './transport.ts';

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  ENODATA: 'its name has no address',
  ENOTFOUND: 'its name is not known',
  ETIMEDOUT: 'it did not answer in time',
  ETIMEOUT: 'no name server answered',
  ERR_ACCESS_DENIED: "Node's permission model forbids connections (--allow-net)",
};

/** Equal for failures that are said once. */
export function failureKind(reply: Reply): string {
  return reply.kind === 'answered' ? `HTTP ${reply.status}` : reply.code;
}

/** What went wrong, such as `nothing listens there (ECONNREFUSED)`. */
export function failureInWords(reply: Reply): string {
  const kind = failureKind(reply);
  const meaning = meanings[kind];
  return meaning === undefined ? kind : `${meaning} (${kind})`;
}

/** A server as it may be shown. */
export function shownServer(url: URL): string {
  return `${url.protocol}//${url.host}`;
}
