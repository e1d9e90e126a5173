import { once } from 'node:events';
import { get } from 'node:http';
import type { Outlet } from '@loopscope/sdk/telemetry';
import { openEndpoint } from '../../src/endpoint/endpoint-outlet.ts';
import type { RecordingContext } from './recording-context.ts';
import { waitUntil } from './wait-until.ts';

const opened: Outlet[] = [];

/** For a file's `afterEach`. */
export async function closeEndpoints(): Promise<void> {
  await Promise.all(opened.splice(0).map((outlet) => outlet.stop()));
}

/** An endpoint whose metrics are one line, and none in OpenMetrics; `outlet` is undefined where it stays closed. */
export function open(
  context: RecordingContext,
  firstRetryMs = 10,
): { readonly outlet: Outlet | undefined; readonly errors: readonly unknown[] } {
  const errors: unknown[] = [];
  const outlet = openEndpoint({
    context,
    scrape: async (format) => Buffer.from(format === 'openMetrics' ? '# EOF\n' : 'metric 1\n'),
    onError: (error) => errors.push(error),
    firstRetryMs,
  });
  if (outlet !== undefined) {
    opened.push(outlet);
  }
  return { outlet, errors };
}

/** The endpoint's URL, once it is bound. */
export async function listening(context: RecordingContext): Promise<string> {
  await waitUntil(() => context.urls.length > 0, 'the endpoint listens');
  return context.urls[0] as string;
}

export interface Fetched {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Not `fetch()`, which hides some headers and keeps connections. */
export async function fetched(
  url: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Fetched> {
  const [response] = await once(get(url, { agent: false, ...options }), 'response');
  let body = '';
  for await (const chunk of response) {
    body += String(chunk);
  }
  return { status: response.statusCode, headers: response.headers, body };
}
