// The paths of the endpoint. Everything is answered from what the agent thread holds: nothing here
// waits for the application's thread, which may be blocked.
import type { ResolvedOptions, Stall, TelemetrySource } from '@loopscope/sdk/telemetry';
import { type Answer, json, plainText } from './answer.ts';
import { type HealthReport, liveness, readiness } from './health.ts';
import { parseTaskChange } from './task-change.ts';

export interface RouteContext {
  readonly source: TelemetrySource;
  readonly options: Pick<ResolvedOptions, 'livezStoppedMs' | 'readyzSaturated'>;
  /** The metrics in the Prometheus text format. */
  scrape(): Promise<Buffer>;
}

export type Route = (context: RouteContext) => Answer | Promise<Answer>;

const contents: Readonly<Record<string, string>> = {
  '/metrics': 'metrics in the Prometheus text format',
  '/stalls': 'stalls of the event loop as JSON, newest first',
  '/tasks': 'async tasks and suspected leaks as JSON; POST /tasks?level=census looks closer',
  '/livez': 'fails when the event loop has stopped for good',
  '/readyz': 'fails while the event loop is stopped',
};

/** Every path that answers, for GET and HEAD. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/', index],
  ['/metrics', metrics],
  ['/stalls', ({ source }) => json(200, { stalls: source.stalls().map(withReadableTime) })],
  ['/tasks', ({ source }) => json(200, source.tasks())],
  ['/livez', ({ source, options }) => verdict(liveness(source.health(), options.livezStoppedMs))],
  ['/readyz', ({ source, options }) => verdict(readiness(source.health(), options.readyzSaturated))],
]);

/** What changes something, by POST; `url` is the request's target. */
export type Change = (context: RouteContext, url: string) => Answer;

/** Every path that takes a POST. */
export const changes: ReadonlyMap<string, Change> = new Map<string, Change>([['/tasks', changeTasks]]);

// Accepted and not done yet: the application's thread makes the change when its loop turns.
function changeTasks({ source }: RouteContext, url: string): Answer {
  const parsed = parseTaskChange(url);
  if (parsed.kind === 'fault') {
    return plainText(400, parsed.reason);
  }
  const refusal = source.changeTasks(parsed.change);
  return refusal === undefined
    ? json(202, { accepted: parsed.change })
    : plainText(409, `Not possible: ${refusal}.`);
}

function index(): Answer {
  const lines = Object.entries(contents).map(([path, meaning]) => `${path.padEnd(10)}${meaning}`);
  return plainText(200, ['Loopscope', ...lines].join('\n'));
}

async function metrics({ scrape }: RouteContext): Promise<Answer> {
  return { status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: await scrape() };
}

function withReadableTime(stall: Stall): Stall & { readonly startedAtIso: string } {
  return { ...stall, startedAtIso: new Date(stall.startedAt).toISOString() };
}

function verdict({ healthy, body }: HealthReport): Answer {
  return json(healthy ? 200 : 503, body);
}
