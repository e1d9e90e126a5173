/**
 * What an HTTP server of Express, Fastify or Node alone puts before its routes, to refuse what it can't do
 * in time; and `/metrics` on its own port. Runs on the application's thread, and loads none of them.
 *
 * @module @loopscope/exporter/middleware
 */
import { inspect } from 'node:util';
import { type LoopscopeHandle, type OverloadReason, start } from '@loopscope/sdk';
import { contentTypes } from '../shared/text-format.ts';

/** What we need of a request: `http.IncomingMessage`, or what Express makes of it. */
export interface HttpRequest {
  /** Path and query. */
  readonly url?: string | undefined;
  /** Such as `GET`. */
  readonly method?: string | undefined;
}

/** What we need of a response: `http.ServerResponse`, or what Express makes of it. */
export interface HttpResponse {
  /** The status that is to be sent. */
  statusCode: number;
  /** Sets a header that is to be sent. */
  setHeader(name: string, value: string): unknown;
  /** Sends it. */
  end(body?: string): unknown;
}

/** What we need of Fastify's reply. */
export interface FastifyReply {
  /** Sets the status. */
  code(status: number): FastifyReply;
  /** Sets a header. */
  header(name: string, value: string): FastifyReply;
  /** Sends it. */
  send(body: string): FastifyReply;
}

/** What `shedLoad` and `shedLoadHook` take. */
export interface SheddingOptions<Request extends HttpRequest = HttpRequest> {
  /** Why to refuse requests: `stalled`, `saturated`, `threadpool`. All by default. */
  readonly reasons?: readonly OverloadReason[];
  /** False for a request that is always served, such as a health check. By default every request may be refused. */
  readonly filter?: (request: Request) => boolean;
  /** Of the refusal; 503 by default. */
  readonly status?: number;
  /** Seconds in the refusal's `Retry-After`; 1 by default. */
  readonly retryAfterSeconds?: number;
  /** Body of the refusal, as plain text. */
  readonly body?: string;
  /** Whose thread; by default the running agent's, which is started where none runs. */
  readonly handle?: LoopscopeHandle;
}

interface Shedding<Request extends HttpRequest> {
  readonly refuses: (request: Request) => boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Refuses a share of the requests while this thread is overloaded. The result is middleware of Express and
 * Connect, and without `next` a test for a server of Node's alone: `if (shed(request, response)) return;`.
 *
 * @throws TypeError with code `LOOPSCOPE_INVALID_OPTION`, naming the option and the value received.
 */
export function shedLoad<Request extends HttpRequest = HttpRequest>(
  options: SheddingOptions<Request> = {},
): (request: Request, response: HttpResponse, next?: () => void) => boolean {
  const { refuses, status, headers, body } = shedding('shedLoad', options);
  return (request, response, next) => {
    if (!refuses(request)) {
      next?.();
      return false;
    }
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) {
      response.setHeader(name, value);
    }
    response.end(body);
    return true;
  };
}

/**
 * The same as a hook of Fastify: `fastify.addHook('onRequest', shedLoadHook())`.
 *
 * @throws TypeError with code `LOOPSCOPE_INVALID_OPTION`, naming the option and the value received.
 */
export function shedLoadHook<Request extends HttpRequest = HttpRequest>(
  options: SheddingOptions<Request> = {},
): (request: Request, reply: FastifyReply, done: () => void) => void {
  const { refuses, status, headers, body } = shedding('shedLoadHook', options);
  return (request, reply, done) => {
    if (!refuses(request)) {
      done();
      return;
    }
    for (const [name, value] of Object.entries(headers)) {
      reply.header(name, value);
    }
    reply.code(status).send(body);
  };
}

/**
 * Answers with the text of Loopscope's `/metrics`, as a route of Express or a handler of a server of Node's alone.
 * Where the agent does not answer: 503.
 */
export function metricsHandler(
  handle: LoopscopeHandle = start(),
): (request: HttpRequest, response: HttpResponse) => Promise<void> {
  return async (_request, response) => {
    const { status, contentType, body } = await metrics(handle);
    response.statusCode = status;
    response.setHeader('Content-Type', contentType);
    response.end(body);
  };
}

/** The same as a route of Fastify: `fastify.get('/metrics', metricsRoute())`. */
export function metricsRoute(
  handle: LoopscopeHandle = start(),
): (request: unknown, reply: FastifyReply) => Promise<FastifyReply> {
  return async (_request, reply) => {
    const { status, contentType, body } = await metrics(handle);
    return reply.code(status).header('Content-Type', contentType).send(body);
  };
}

async function metrics(
  handle: LoopscopeHandle,
): Promise<{ readonly status: number; readonly contentType: string; readonly body: string }> {
  try {
    const body = await handle.scrape();
    return { status: 200, contentType: contentTypes.prometheus, body };
  } catch (error) {
    return { status: 503, contentType: 'text/plain; charset=utf-8', body: `${String(error)}\n` };
  }
}

const everyReason: readonly OverloadReason[] = ['stalled', 'saturated', 'threadpool'];
const optionNames = ['reasons', 'filter', 'status', 'retryAfterSeconds', 'body', 'handle'];

function shedding<Request extends HttpRequest>(
  caller: string,
  options: SheddingOptions<Request>,
): Shedding<Request> {
  validate(caller, options);
  const {
    filter,
    status = 503,
    retryAfterSeconds = 1,
    body = 'The server is overloaded. Try again later.\n',
  } = options;
  const handle = options.handle ?? start();
  const reasons = options.reasons && new Set(options.reasons);
  return {
    // The filter is code of the application's: while all is well it is not run.
    refuses:
      filter === undefined
        ? () => handle.shed(reasons) !== undefined
        : (request) => handle.overloaded && filter(request) && handle.shed(reasons) !== undefined,
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': String(retryAfterSeconds) },
    body,
  };
}

function validate(caller: string, options: SheddingOptions<never>): void {
  const fault = (name: string, value: unknown, expected: string): never => {
    throw Object.assign(
      new TypeError(`${caller}: ${name} received ${inspect(value, { depth: 0 })}, expected ${expected}`),
      { code: 'LOOPSCOPE_INVALID_OPTION' },
    );
  };
  if (typeof options !== 'object' || options === null) {
    fault('options', options, 'an object');
  }
  const { reasons, filter, status, retryAfterSeconds, body, handle } = options;
  for (const [name, value] of Object.entries(options)) {
    if (!optionNames.includes(name)) {
      fault(name, value, `one of ${optionNames.join(', ')}: there is no such option`);
    }
  }
  if (
    reasons !== undefined &&
    !(Array.isArray(reasons) && reasons.every((each) => everyReason.includes(each)))
  ) {
    fault('reasons', reasons, `an array of ${everyReason.join(', ')}`);
  }
  if (filter !== undefined && typeof filter !== 'function') {
    fault('filter', filter, 'a function of the request');
  }
  if (status !== undefined && !(Number.isInteger(status) && status >= 400 && status <= 599)) {
    fault('status', status, 'a whole number from 400 to 599');
  }
  if (retryAfterSeconds !== undefined && !(Number.isInteger(retryAfterSeconds) && retryAfterSeconds >= 0)) {
    fault('retryAfterSeconds', retryAfterSeconds, 'a whole number of seconds, 0 or more');
  }
  if (body !== undefined && typeof body !== 'string') {
    fault('body', body, 'a string');
  }
  if (handle !== undefined && typeof handle?.shed !== 'function') {
    fault('handle', handle, 'what start() returned');
  }
}
