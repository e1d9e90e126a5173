// Failed exports in words.
import { shown } from '../environment.ts';
import { failureInWords, shownServer } from '../http/failure.ts';
import type { Reply } from '../http/transport.ts';

export function describeFailure(url: URL, reply: Reply): string {
  // The usual mistake: an endpoint for gRPC, which answers HTTP/1 with a closed connection.
  const hint =
    reply.kind === 'failed' && url.port === '4317' ? '; port 4317 is mostly for gRPC, 4318 for HTTP' : '';
  return `metrics can't be pushed to ${shownServer(url)}: ${failureInWords(reply)}${hint}; it is tried again at each interval`;
}

export function describeRejection(url: URL, points: number, message: string | undefined): string {
  const reason = message ? `: ${shown(message)}` : '';
  return `the collector at ${shownServer(url)} took the metrics but for ${points} data points${reason}`;
}
