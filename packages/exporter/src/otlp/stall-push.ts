// The OTLP push of stalls as a way out: each is told as it opens, which is while the loop is blocked, and
// as it closes; and then it is a span, too. `OTEL_LOGS_EXPORTER` and `OTEL_TRACES_EXPORTER` say where an
// application's logs and traces go: where that is not OTLP, ours don't go there either.
import type { Outlet, OutletContext, StallEvent } from '@loopscope/sdk/telemetry';
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';
import { type Environment, readText } from '../environment.ts';
import { createNameLookup } from '../resolver/name-lookup.ts';
import { readSignalConfiguration } from './configuration.ts';
import { EventPush } from './event-push.ts';
import { otlpName } from './signal-exporter.ts';
import { logsSignal, type Signal, tracesSignal } from './signals.ts';
import { type LogRecord, logRecordOf, type Origin, type Span, spanOf } from './stall-records.ts';

export interface StallPushParts {
  readonly context: OutletContext;
  readonly environment: Environment;
  readonly resource: Resource;
  onError(error: unknown): void;
}

// As of the metrics: TLS takes 10 to 20 ms to load, too much for the start.
const transportDelayMs = 2_000;

/** Undefined where neither logs nor traces are to be pushed. */
export function openStallPush(parts: StallPushParts): Outlet | undefined {
  const logs = pushes(parts.environment, 'OTEL_LOGS_EXPORTER') ? openLogs(parts) : undefined;
  const spans = pushes(parts.environment, 'OTEL_TRACES_EXPORTER') ? openSpans(parts) : undefined;
  const all = [logs, spans].filter((each) => each !== undefined);
  if (all.length === 0) {
    return undefined;
  }
  const { context, resource } = parts;
  const origin = { resource, scope: { name: '@loopscope/sdk', version: context.sdkVersion } };
  const unsubscribe = context.source.onStall((event) => tell(event, origin, logs, spans));
  const timer = setTimeout(() => {
    for (const each of all) {
      each.prepare();
    }
  }, transportDelayMs);
  timer.unref();
  return {
    name: `${otlpName}-stalls`,
    flush: async () => {
      await Promise.allSettled(all.map((each) => each.flush()));
    },
    stop: async () => {
      unsubscribe();
      clearTimeout(timer);
      await Promise.allSettled(all.map((each) => each.stop()));
    },
  };
}

/** Set to something else than `otlp`, as `none`, it turns the signal off. */
function pushes(environment: Environment, variable: string): boolean {
  const chosen = readText(environment, variable);
  return chosen === undefined || /(^|,)\s*otlp\s*(,|$)/i.test(chosen);
}

function tell(
  { type, stall }: StallEvent,
  origin: Origin,
  logs: EventPush<LogRecord> | undefined,
  spans: EventPush<Span> | undefined,
): void {
  // What a debugger may have paused is listed at the endpoint, and nobody is told of it.
  if (type === 'updated' || stall.inspectorOpen) {
    return;
  }
  logs?.push(logRecordOf(stall, origin));
  const span = type === 'closed' ? spanOf(stall, origin) : undefined;
  if (span !== undefined) {
    spans?.push(span);
  }
}

function openLogs(parts: StallPushParts): EventPush<LogRecord> | undefined {
  return openPush(parts, logsSignal, {
    protobuf: ProtobufLogsSerializer,
    json: JsonLogsSerializer,
    rejected: ({ partialSuccess }) => partialSuccess?.rejectedLogRecords,
  });
}

function openSpans(parts: StallPushParts): EventPush<Span> | undefined {
  return openPush(parts, tracesSignal, {
    protobuf: ProtobufTraceSerializer,
    json: JsonTraceSerializer,
    rejected: ({ partialSuccess }) => partialSuccess?.rejectedSpans,
  });
}

interface Serializer<Item, Answer> {
  serializeRequest(items: Item[]): Uint8Array | undefined;
  deserializeResponse(answer: Uint8Array): Answer;
}

interface Format<Item, Answer> {
  readonly protobuf: Serializer<Item, Answer>;
  readonly json: Serializer<Item, Answer>;
  rejected(answer: Answer): number | undefined;
}

function openPush<
  Item,
  Answer extends { readonly partialSuccess?: { readonly errorMessage?: string | undefined } | undefined },
>(
  { context, environment, onError }: StallPushParts,
  signal: Signal,
  { protobuf, json, rejected }: Format<Item, Answer>,
): EventPush<Item> | undefined {
  const configuration = readSignalConfiguration(signal, { environment, say: context.say });
  if (configuration === undefined) {
    return undefined;
  }
  const serializer = configuration.protocol === 'http/json' ? json : protobuf;
  return new EventPush<Item>({
    signal,
    context,
    configuration,
    nameLookup: createNameLookup(),
    onError,
    serialize: (items) => serializer.serializeRequest(items),
    rejectionIn: (body) => {
      const answer = serializer.deserializeResponse(body);
      // JSON writes 64-bit integers as strings.
      return { items: Number(rejected(answer) ?? 0), message: answer.partialSuccess?.errorMessage };
    },
  });
}
