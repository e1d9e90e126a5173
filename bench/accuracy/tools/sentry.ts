// Sentry's event-loop-block integration, by what its transport delivers.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { sharedNow } from '../../harness/clock.ts';
import { benchFile } from '../../harness/variant.ts';
import type { Place, Report } from '../truth.ts';
import type { Tool } from './tool.ts';

interface SentryFrame {
  readonly function?: string;
  readonly filename?: string;
  readonly lineno?: number;
  readonly in_app?: boolean;
}

interface SentryEvent {
  readonly exception?: {
    readonly values?: readonly {
      readonly type?: string;
      readonly stacktrace?: { readonly frames?: readonly SentryFrame[] };
      readonly thread_id?: string | number;
    }[];
  };
}

/** It tells no time, and its report arrives at once or as a native call returns. */
const boundsMs = 100;

export const sentry: Tool = {
  name: 'Sentry',
  gives: ['stack'],
  prepare: async ({ thresholdMs }) => {
    const reports: Report[] = [];
    const server = createServer((request, response) => {
      const at = sharedNow();
      void bodyOf(request).then((body) => {
        reports.push(...eventsOf(body).flatMap((event) => reportOf(event, at)));
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      variant: {
        name: 'sentry',
        args: ['--import', benchFile('peers/sentry.mjs')],
        env: { PEER_PORT: String(port), PEER_THRESHOLD_MS: String(thresholdMs) },
      },
      watch: () => {
        reports.length = 0;
        return Promise.resolve({
          beginning: () => {},
          finish: async () => {
            await pass(500);
            return [...reports];
          },
        });
      },
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
}

/** An envelope is lines of JSON: its header, and for each item a header and the item. */
function eventsOf(body: string): readonly SentryEvent[] {
  return body
    .split('\n')
    .filter((line) => line.includes('"EventLoopBlocked"'))
    .map((line) => JSON.parse(line) as SentryEvent);
}

function reportOf({ exception }: SentryEvent, at: number): readonly Report[] {
  const [value] = exception?.values ?? [];
  if (value?.type !== 'EventLoopBlocked') {
    return [];
  }
  // Theirs lie outermost first.
  const frames = (value.stacktrace?.frames ?? []).toReversed();
  const stack = frames.map(placeOf);
  const innermost = frames.findIndex(({ in_app }) => in_app === true);
  const culprit = stack[innermost] ?? stack[0];
  return [
    {
      thread: Number(value.thread_id ?? 0),
      reportedAt: at,
      ...(stack.length > 0 && { stackAt: at }),
      span: { start: at - boundsMs, end: at },
      exact: false,
      ...(culprit !== undefined && { culprit }),
      stack,
    },
  ];
}

function placeOf(frame: SentryFrame): Place {
  const { filename = '', lineno = 0 } = frame;
  return {
    function: (frame.function ?? '').replace(/^.*\./, ''),
    file: filename.startsWith('file:') ? fileURLToPath(filename) : filename,
    line: lineno,
  };
}
