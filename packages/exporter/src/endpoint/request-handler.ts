// From a parsed request to its answer: form, access, path, method, in this order, so that a foreign
// page learns nothing of what exists.
import type { IncomingMessage } from 'node:http';
import { type AccessRules, refuse } from './access.ts';
import { type Answer, json, plainText } from './answer.ts';
import { changes, findRoute, type RouteContext } from './routes.ts';

export interface HandlerContext extends RouteContext {
  readonly access: AccessRules;
  /** Told of a failure that was answered with 500. */
  onError(error: unknown): void;
}

export type RequestFacts = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

// Changes go by POST, and are told in the query: no body is read.
const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Answers a request. Never rejects. */
export async function answerRequest(request: RequestFacts, context: HandlerContext): Promise<Answer> {
  const { method = '', url = '', headers } = request;
  // The absolute form (a proxy's), `*` and CONNECT's authority are not for us, and no URL is parsed:
  // what can't be parsed can't throw.
  if (!url.startsWith('/')) {
    return plainText(400, 'The request target has to be a path.');
  }
  if (headers.upgrade !== undefined) {
    return plainText(400, 'There is nothing to upgrade to.');
  }
  const [path = '/'] = url.split(/[?#]/, 1);
  const claims = { host: headers.host, origin: headers.origin, authorization: headers.authorization };
  const refusal = refuse(path, claims, context.access);
  if (refusal !== undefined) {
    const challenge: Record<string, string> = refusal.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
    return plainText(refusal.status, refusal.reason, challenge);
  }
  const route = findRoute(path);
  if (route === undefined) {
    return plainText(404, 'Not found. The paths are listed at /.');
  }
  const change = changes.get(path);
  if (!readingMethods.has(method) && (method !== 'POST' || change === undefined)) {
    const allowed = change === undefined ? 'GET, HEAD' : 'GET, HEAD, POST';
    return plainText(405, `Only ${allowed}.`, { Allow: allowed });
  }
  if (method === 'POST' && hasBody(headers)) {
    return plainText(400, 'No body is read: the fields go into the query.');
  }
  try {
    return method === 'POST' && change !== undefined
      ? change(context, url)
      : await route(context, headers.accept);
  } catch (error) {
    context.onError(error);
    // A failure of Loopscope's own must not get the process killed.
    return path === '/livez' ? json(200, { status: 'unknown' }) : plainText(500, 'This path failed.');
  }
}

function hasBody(headers: RequestFacts['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
