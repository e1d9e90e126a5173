// Failed exports in words. Only the collector's scheme, host and port are shown: the rest of a URL, and
// every header, may hold credentials.
import { shown } from '../environment.ts';
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

export function describeFailure(url: URL, reply: Reply): string {
  const kind = failureKind(reply);
  const meaning = meanings[kind];
  // The usual mistake: an endpoint for gRPC, which answers HTTP/1 with a closed connection.
  const hint =
    reply.kind === 'failed' && url.port === '4317' ? '; port 4317 is mostly for gRPC, 4318 for HTTP' : '';
  return `metrics can't be pushed to ${url.protocol}//${url.host}: ${meaning === undefined ? kind : `${meaning} (${kind})`}${hint}; it is tried again at each interval`;
}

export function describeRejection(url: URL, points: number, message: string | undefined): string {
  const reason = message ? `: ${shown(message)}` : '';
  return `the collector at ${url.protocol}//${url.host} took the metrics but for ${points} data points${reason}`;
}
