// The paths of the endpoint. Everything is answered from what the agent thread holds: nothing here
// waits for the application's thread, which may be blocked.
import type { ResolvedOptions, Stall, TelemetrySource } from '@loopscope/sdk/telemetry';
import { formatFor } from '../prometheus/open-metrics.ts';
import { contentTypes, type TextFormat } from '../shared/text-format.ts';
import { type Answer, json, plainText } from './answer.ts';
import { type HealthReport, liveness, readiness } from './health.ts';
import { parseTaskChange } from './task-change.ts';

export interface RouteContext {
  readonly source: TelemetrySource;
  readonly options: Pick<ResolvedOptions, 'livezStoppedMs' | 'readyzSaturated'>;
  scrape(format: TextFormat): Promise<Buffer>;
}

/** `accept`: the request's header of this name. */
export type Route = (context: RouteContext, accept: string | undefined) => Answer | Promise<Answer>;

const contents: Readonly<Record<string, string>> = {
  '/metrics': 'metrics in the Prometheus text format, or OpenMetrics where it is accepted',
  '/stalls': 'stalls of the event loop as JSON, newest first; those that have a cpuProfile name its path',
  '/tasks': 'async tasks and suspected leaks as JSON; POST /tasks?level=census looks closer',
  '/livez': 'fails when the event loop has stopped for good',
  '/readyz': 'fails while the event loop is stopped',
};

/** Every path that answers by itself, for GET and HEAD. */
const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/', index],
  ['/metrics', metrics],
  ['/stalls', ({ source }) => json(200, { stalls: source.stalls().map((each) => listed(each, source)) })],
  ['/tasks', ({ source }) => json(200, source.tasks())],
  ['/livez', ({ source, options }) => verdict(liveness(source.health(), options.livezStoppedMs))],
  ['/readyz', ({ source, options }) => verdict(readiness(source.health(), options.readyzSaturated))],
]);

/** What answers a path, for GET and HEAD. */
export function findRoute(path: string): Route | undefined {
  const [, id] = /^\/stalls\/(\d{1,15})\.cpuprofile$/.exec(path) ?? [];
  return id === undefined ? routes.get(path) : ({ source }) => cpuProfile(source.stallProfile(id), id);
}

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

async function metrics({ scrape }: RouteContext, accept: string | undefined): Promise<Answer> {
  const format = formatFor(accept);
  return {
    status: 200,
    contentType: contentTypes[format],
    body: await scrape(format),
    headers: { Vary: 'Accept' },
  };
}

/** A stall as it is listed: with a time that people can read, and where its profile is. */
type ListedStall = Stall & { readonly startedAtIso: string; readonly cpuProfile?: string };

function listed(stall: Stall, source: TelemetrySource): ListedStall {
  const hasProfile = source.stallProfile(stall.id) !== undefined;
  return {
    ...stall,
    startedAtIso: new Date(stall.startedAt).toISOString(),
    ...(hasProfile && { cpuProfile: `/stalls/${stall.id}.cpuprofile` }),
  };
}

function cpuProfile(file: Uint8Array | undefined, id: string): Answer {
  if (file === undefined) {
    return plainText(404, 'This stall has no profile, or it is no longer kept.');
  }
  const headers = { 'Content-Disposition': `attachment; filename="stall-${id}.cpuprofile"` };
  return { status: 200, contentType: 'application/json; charset=utf-8', body: file, headers };
}

function verdict({ healthy, body }: HealthReport): Answer {
  return json(healthy ? 200 : 503, body);
}
