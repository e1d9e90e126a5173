// Failed exports in words.
import { shown } from '../environment.ts';
import { failureInWords, shownServer } from '../http/failure.ts';
import type { Reply } from '../http/transport.ts';
import type { Rejection } from './signal-exporter.ts';
import type { Signal } from './signals.ts';

export function describeFailure({ name }: Signal, url: URL, reply: Reply): string {
  // The usual mistake: an endpoint for gRPC, which answers HTTP/1 with a closed connection.
  const hint =
    reply.kind === 'failed' && url.port === '4317' ? '; port 4317 is mostly for gRPC, 4318 for HTTP' : '';
  const next = name === 'metrics' ? 'it is tried again at each interval' : 'the next are tried again';
  return `${name} can't be pushed to ${shownServer(url)}: ${failureInWords(reply)}${hint}; ${next}`;
}

export function describeRejection(
  { name, items: kind }: Signal,
  url: URL,
  { items, message }: Rejection,
): string {
  const reason = message ? `: ${shown(message)}` : '';
  return `the collector at ${shownServer(url)} took the ${name} but for ${items} ${kind}${reason}`;
}
